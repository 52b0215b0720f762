/** A stroke: the cells that a hand goes through, in order. */

const CUT = 0.6; // cells: a way through a corner that is shorter draws nothing there
const LONGEST = 1_024; // cells: what comes after them is not drawn

/**
 * @typedef {{x: number, y: number}} Point on the board, in cells with fractions
 * @typedef {{x: number, y: number}} Cell
 */

export class Stroke {
  /** Each may come several times. @type {(Cell & {inside: number})[]} */
  #way = [];
  /** @type {Point} */
  #at;

  /** @param {Point} start */
  constructor(start) {
    this.#at = start;
    this.#enter(Math.floor(start.x), Math.floor(start.y));
  }

  /**
   * Go on in a straight line.
   * @param {Point} to
   * @returns {boolean} whether it came into another cell
   */
  to(to) {
    let entered = false;
    const [dx, dy] = [to.x - this.#at.x, to.y - this.#at.y];
    const length = Math.hypot(dx, dy);
    let done = 0; // the part of the line, from 0 to 1
    const edges = [...crossings(this.#at.x, dx), ...crossings(this.#at.y, dy), 1];
    for (const at of edges.sort((a, b) => a - b)) {
      // The middle of a piece lies within one cell, on no edge.
      const middle = (done + at) / 2;
      const [x, y] = [Math.floor(this.#at.x + middle * dx), Math.floor(this.#at.y + middle * dy)];
      const cell = this.#way[this.#way.length - 1];
      if (at > done && (cell.x !== x || cell.y !== y)) {
        this.#enter(x, y);
        entered = true;
      }
      this.#way[this.#way.length - 1].inside += (at - done) * length;
      done = at;
    }
    this.#at = to;
    return entered;
  }

  /**
   * Return the cells so far, each once.
   * @returns {Cell[]}
   */
  get cells() {
    return [...new Map(this.#way.map(({ x, y }) => [`${x},${y}`, { x, y }])).values()];
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  #enter(x, y) {
    const [before, corner] = this.#way.slice(-2);
    const diagonal = corner && Math.abs(x - before.x) === 1 && Math.abs(y - before.y) === 1;
    if (diagonal && corner.inside < CUT) this.#way.pop();
    if (this.#way.length < LONGEST) this.#way.push({ x, y, inside: 0 });
  }
}

/**
 * Return where a line crosses whole numbers, as parts of its length from 0 to 1.
 * @param {number} from
 * @param {number} distance
 */
function crossings(from, distance) {
  const found = [];
  const [low, high] = [Math.min(from, from + distance), Math.max(from, from + distance)];
  for (let edge = Math.floor(low) + 1; edge < high; edge++) found.push((edge - from) / distance);
  return found;
}

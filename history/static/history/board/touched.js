/** Cells that a walk may have changed: one by one while they are few, then in squares. */

/** Cells along the side of a square. */
export const SQUARE = 8;
const BITS = 3; // of a coordinate, within a square

// A walk that touches more cells than this tells them one by one no more.
const MOST_CELLS = 20_000;

export class Touched {
  /** The cells, each maybe more than once; null: they are too many. @type {number[] | null} */
  cells = [];
  /** A byte for each square, row by row, 1 where it is touched; null while cells are told. */
  squares = /** @type {Uint8Array | null} */ (null);
  /** Squares in a row. */
  columns;
  #width;
  #height;

  /** @param {{width: number, height: number}} board in cells */
  constructor({ width, height }) {
    this.#width = width;
    this.#height = height;
    this.columns = (width + SQUARE - 1) >> BITS;
  }

  /**
   * Make room for so many cells more.
   * @param {number} count
   */
  expect(count) {
    if (this.cells && this.cells.length + count > MOST_CELLS) this.#square();
  }

  /**
   * Note the squares in which two boards of this size differ.
   * @param {Uint8Array} one
   * @param {Uint8Array} other
   */
  compare(one, other) {
    const squares = this.#square();
    if (this.#width % SQUARE === 0) {
      markWords(squares, new Int32Array(one.buffer), new Int32Array(other.buffer), this.columns);
      return;
    }
    for (let y = 0, at = 0; y < this.#height; y++) {
      const row = (y >> BITS) * this.columns;
      for (let x = 0; x < this.#width; x++, at++) {
        if (one[at] !== other[at]) squares[row + (x >> BITS)] = 1;
      }
    }
  }

  /** Tell squares from now on. */
  #square() {
    if (this.squares) return this.squares;
    this.squares = new Uint8Array(this.columns * ((this.#height + SQUARE - 1) >> BITS));
    const cells = this.cells ?? [];
    this.cells = null;
    for (const at of cells) this.add(at % this.#width, Math.floor(at / this.#width));
    return this.squares;
  }

  /**
   * Note a cell.
   * @param {number} x
   * @param {number} y
   */
  add(x, y) {
    if (this.squares) this.squares[(y >> BITS) * this.columns + (x >> BITS)] = 1;
    else this.cells?.push(y * this.#width + x);
  }

  /**
   * Return the rectangles that hold the touched squares, one a tile at most, four numbers each.
   * @param {number} tile cells along its side, some squares
   * @returns {Uint16Array<ArrayBuffer>} x0, y0, x1, y1
   */
  rects(tile) {
    const squares = /** @type {Uint8Array} */ (this.squares);
    const [side, rows] = [tile >> BITS, squares.length / this.columns];
    /** @type {number[]} */
    const found = [];
    for (let y = 0; y < rows; y += side) {
      for (let x = 0; x < this.columns; x += side) {
        const rect = this.#within(x, y, Math.min(x + side, this.columns), Math.min(y + side, rows));
        if (rect) found.push(...rect);
      }
    }
    return Uint16Array.from(found);
  }

  /**
   * Return the smallest rectangle of cells that has the touched squares of a tile.
   * @param {number} x0
   * @param {number} y0
   * @param {number} x1
   * @param {number} y1
   */
  #within(x0, y0, x1, y1) {
    const squares = /** @type {Uint8Array} */ (this.squares);
    let [left, top, right, bottom] = [x1, y1, -1, -1];
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        if (!squares[y * this.columns + x]) continue;
        if (y < top) top = y;
        if (x < left) left = x;
        if (x > right) right = x;
        bottom = y;
      }
    }
    if (right < 0) return null;
    const [width, height] = [this.#width, this.#height];
    const end = [Math.min((right + 1) * SQUARE, width), Math.min((bottom + 1) * SQUARE, height)];
    return [left * SQUARE, top * SQUARE, ...end];
  }
}

/**
 * Mark the squares in which two boards of whole squares differ: their rows one over the other
 * first, since a branch for each of many differences takes longer than all the rest.
 * @param {Uint8Array} squares
 * @param {Int32Array} one four cells each
 * @param {Int32Array} other
 * @param {number} columns squares in a row
 */
function markWords(squares, one, other, columns) {
  const differs = new Int32Array(columns);
  for (let at = 0, row = 0; at < one.length; row += columns) {
    differs.fill(0);
    for (let y = 0; y < SQUARE && at < one.length; y++) {
      for (let x = 0; x < columns; x++, at += 2) {
        differs[x] |= (one[at] ^ other[at]) | (one[at + 1] ^ other[at + 1]);
      }
    }
    for (let x = 0; x < columns; x++) if (differs[x]) squares[row + x] = 1;
  }
}

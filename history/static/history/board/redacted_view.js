/** A moment as a page may show it: the board less what must not be shown, as changes. */

/**
 * @import { Redaction } from "../archive/archive.js"
 * @import { Halved } from "./afar.js"
 * @import { Touched } from "./touched.js"
 *
 * @typedef {{width: number, height: number, cells: Uint8Array, seq: number}} Cells
 *
 * Cells that differ, one by one.
 * @typedef {{at: Uint32Array<ArrayBuffer>, colors: Uint8Array<ArrayBuffer>}} Some
 *
 * All cells, and four numbers (x0, y0, x1, y1) for each rectangle, within a tile, that differs;
 * null: any may. `halved` is how they are seen from afar; null: the page makes it.
 * @typedef {{cells: Uint8Array<ArrayBuffer>, changed: Uint16Array<ArrayBuffer> | null,
 *   halved: Halved | null}} All
 */

const BACKGROUND = 0;

export class RedactedView {
  /** The size of what is seen now; 0 before the first look. */
  #width = 0;
  #height = 0;
  #tile;
  /**
   * The cells that are seen now; null where a walk tells what may differ and nothing is hidden.
   * @type {Uint8Array | null}
   */
  #seen = null;
  /** Redactions that were applied to what is seen. @type {Redaction[]} */
  #hidden = [];

  /** @param {number} tile cells along the side of a tile */
  constructor(tile) {
    this.#tile = tile;
  }

  /** Let the next look bring all cells. */
  forget() {
    this.#width = 0;
    this.#seen = null;
  }

  /**
   * Look at a board, and return what differs from the last look.
   * @param {Cells} board
   * @param {Touched | null} touched what may differ; null: any cell
   * @param {Redaction[]} redactions
   * @param {Uint8Array<ArrayBuffer> | null} [spare] room for the cells: new memory is slow
   * @returns {{change: Some | All, touched: Touched | null}} `touched` is what may differ from what
   *   was seen
   */
  look(board, touched, redactions, spare = null) {
    const hidden = redactions.filter((each) => hides(each, board.seq));
    const same = board.width === this.#width && board.height === this.#height;
    const plain = hidden.length === 0 && this.#hidden.length === 0;
    [this.#width, this.#height, this.#hidden] = [board.width, board.height, hidden];
    if (!same || (touched && redactions.length === 0)) this.#seen = null;
    const known = same && plain ? touched : null;
    if (known?.cells) {
      return { change: this.#some(board.cells, known.cells), touched: known };
    }
    const cells = copied(board.cells, spare);
    for (const each of hidden) hide(each, cells, board);
    const changed = known?.rects(this.#tile) ?? this.#changes(cells, board);
    if (this.#seen) this.#seen.set(cells);
    else if (!touched || redactions.length > 0) this.#seen = new Uint8Array(cells);
    return { change: { cells, changed, halved: null }, touched: known };
  }

  /**
   * @param {Uint8Array} cells
   * @param {number[]} touched
   * @returns {Some}
   */
  #some(cells, touched) {
    const seen = this.#seen;
    const at = Uint32Array.from(new Set(touched)).filter((each) => cells[each] !== seen?.[each]);
    const colors = Uint8Array.from(at, (each) => cells[each]);
    if (seen) for (const each of at) seen[each] = cells[each];
    return { at, colors };
  }

  /**
   * Return the rectangles that differ from what is seen, one a tile at most; null: any may.
   * @param {Uint8Array<ArrayBuffer>} cells
   * @param {{width: number, height: number}} board
   */
  #changes(cells, { width, height }) {
    if (!this.#seen) return null;
    // Four cells at once, where rows consist of whole words.
    const word = width % 4 === 0 && this.#tile % 4 === 0 ? 4 : 1;
    const [a, b] = [cells, this.#seen].map((each) => {
      return word === 4 ? new Uint32Array(each.buffer) : each;
    });
    const [side, wide] = [this.#tile, width / word];
    /** @type {number[]} */
    const found = [];
    for (let y = 0; y < height; y += side) {
      for (let x = 0; x < wide; x += side / word) {
        const [x1, y1] = [Math.min(x + side / word, wide), Math.min(y + side, height)];
        const rect = difference(a, b, wide, { x0: x, y0: y, x1, y1 });
        if (rect) found.push(rect[0] * word, rect[1], rect[2] * word, rect[3]);
      }
    }
    return Uint16Array.from(found);
  }
}

/**
 * @param {Uint8Array} cells
 * @param {Uint8Array<ArrayBuffer> | null} spare
 */
function copied(cells, spare) {
  if (spare?.length !== cells.length) return new Uint8Array(cells);
  spare.set(cells);
  return spare;
}

/**
 * Return the smallest rectangle that has all values of another one which differ.
 * @param {Uint8Array | Uint32Array} a
 * @param {Uint8Array | Uint32Array} b
 * @param {number} width of the rows
 * @param {{x0: number, y0: number, x1: number, y1: number}} within
 * @returns {[number, number, number, number] | null}
 */
function difference(a, b, width, { x0, y0, x1, y1 }) {
  let [left, top, right, bottom] = [x1, -1, x0, 0];
  for (let y = y0; y < y1; y++) {
    const row = y * width;
    let x = x0;
    while (x < x1 && a[row + x] === b[row + x]) x++;
    if (x === x1) continue;
    if (top < 0) top = y;
    bottom = y + 1;
    left = Math.min(left, x);
    let last = x1 - 1;
    while (last >= right && a[row + last] === b[row + last]) last--;
    right = Math.max(right, last + 1);
  }
  return top < 0 ? null : [left, top, right, bottom];
}

/**
 * Tell whether a redaction holds for the board at a seq.
 * @param {Redaction} redaction
 * @param {number} seq
 */
export function hides({ first_seq: first, last_seq: last }, seq) {
  return first <= seq && seq <= last;
}

/**
 * Give the cells of a redaction the background.
 * @param {Redaction} redaction
 * @param {Uint8Array} cells
 * @param {{width: number, height: number}} board
 */
export function hide({ x, y, width, height }, cells, board) {
  const right = Math.min(x + width, board.width);
  for (let row = y; row < Math.min(y + height, board.height); row++) {
    if (x < right) cells.fill(BACKGROUND, row * board.width + x, row * board.width + right);
  }
}

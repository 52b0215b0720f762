/** A moment as a page may show it: the board less what must not be shown, as changes. */

import { Touched } from "./touched.js";

/**
 * @import { Redaction } from "../archive/archive.js"
 * @import { Halved } from "./afar.js"
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
    const differs = known ?? this.#compared(cells, board);
    if (this.#seen) this.#seen.set(cells);
    else if (!touched || redactions.length > 0) this.#seen = new Uint8Array(cells);
    const changed = differs?.rects(this.#tile) ?? null;
    return { change: { cells, changed, halved: null }, touched: differs };
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
   * Return the squares that differ from what is seen; null: any may.
   * @param {Uint8Array} cells
   * @param {{width: number, height: number}} board
   */
  #compared(cells, board) {
    if (!this.#seen) return null;
    const touched = new Touched(board);
    touched.compare(this.#seen, cells);
    return touched;
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

/**
 * The plan: the colour that the blueprints which are on want of each cell of the board. Where they
 * lie over each other the upper one counts. It knows which squares of cells have wrong ones.
 */

import { NONE } from "./image.js";

/**
 * @import { Cells } from "./count.js"
 * @import { Image } from "./image.js"
 *
 * A blueprint on the board, with the palette index that each index of its image wants.
 * @typedef {{image: Image, x: number, y: number, wants: Uint8Array}} Laid
 */

/** Cells along the side of a square. */
export const SQUARE = 64;
const SHIFT = 6; // as a power of two

export class Plan {
  width = 0;
  height = 0;
  /** Palette indices, or `NONE`. */
  cells = new Uint8Array(0);
  /** Squares side by side. */
  columns = 0;
  /** Wrong cells in each square. */
  wrong = new Uint16Array(0);
  #board;
  /** Squares in which a blueprint lies. @type {Set<number>} */
  #squares = new Set();

  /** @param {Cells} board */
  constructor(board) {
    this.#board = board;
  }

  /**
   * Lay these, from below to above.
   * @param {Laid[]} blueprints
   */
  lay(blueprints) {
    const { width, height } = this.#board;
    if (this.width !== width || this.height !== height) {
      this.width = width;
      this.height = height;
      this.cells = new Uint8Array(width * height);
      this.columns = Math.ceil(width / SQUARE);
      this.wrong = new Uint16Array(this.columns * Math.ceil(height / SQUARE));
    }
    this.cells.fill(NONE);
    this.wrong.fill(0);
    this.#squares = new Set();
    for (const each of blueprints) this.#lay(each);
    for (const square of this.#squares) this.#count(square);
  }

  /** @param {number} square */
  #count(square) {
    const { cells, width, height, columns, wrong } = this;
    const drawn = this.#board.cells;
    const [left, top] = [(square % columns) * SQUARE, Math.floor(square / columns) * SQUARE];
    const [right, bottom] = [Math.min(left + SQUARE, width), Math.min(top + SQUARE, height)];
    let count = 0;
    for (let y = top; y < bottom; y++) {
      for (let at = y * width + left; at < y * width + right; at++) {
        if (cells[at] !== NONE && cells[at] !== drawn[at]) count += 1;
      }
    }
    wrong[square] = count;
  }

  /**
   * Follow a cell of the board that was drawn.
   * @param {number} x
   * @param {number} y
   * @param {number} now palette index
   * @param {number} before palette index
   */
  change(x, y, now, before) {
    const wanted = this.at(x, y);
    if (wanted === NONE) return;
    const square = Math.floor(y / SQUARE) * this.columns + Math.floor(x / SQUARE);
    this.wrong[square] += Number(now !== wanted) - Number(before !== wanted);
  }

  /**
   * Return the palette index that a cell wants, or `NONE`.
   * @param {number} x
   * @param {number} y
   */
  at(x, y) {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return NONE;
    return this.cells[y * this.width + x];
  }

  /**
   * Tell whether a cell has the colour that it wants.
   * @param {number} x
   * @param {number} y
   */
  isRight(x, y) {
    const wanted = this.at(x, y);
    return wanted !== NONE && this.#board.cells[y * this.width + x] === wanted;
  }

  /** @param {Laid} blueprint */
  #lay({ image, x, y, wants }) {
    const [left, right] = [Math.max(0, -x), Math.min(image.width, this.width - x)];
    const [top, bottom] = [Math.max(0, -y), Math.min(image.height, this.height - y)];
    for (let row = top; row < bottom; row++) {
      const to = (y + row) * this.width + x;
      for (let column = left; column < right; column++) {
        const wanted = wants[image.cells[row * image.width + column]];
        if (wanted !== NONE) this.cells[to + column] = wanted;
      }
    }
    for (let row = (y + top) >> SHIFT; row << SHIFT < y + bottom; row++) {
      for (let column = (x + left) >> SHIFT; column << SHIFT < x + right; column++) {
        this.#squares.add(row * this.columns + column);
      }
    }
  }
}

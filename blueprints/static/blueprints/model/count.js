/**
 * The count of a blueprint: how many of its cells are right, wrong and missing, in all and for each
 * colour, kept up with every pixel of the stream. Pods count alike: `docs/blueprints-api.md`.
 */

import { NONE } from "./image.js";

/**
 * @import { Image } from "./image.js"
 *
 * @typedef {{x: number, y: number}} Cell
 * @typedef {{width: number, height: number, cells: Uint8Array}} Cells a board
 *
 * @typedef {object} Tally
 * @property {number} cells that count: those on the board
 * @property {number} right
 * @property {number} missing not drawn: the board has the background
 * @property {number} wrong drawn otherwise
 */

export const BACKGROUND = 0;

export class Count {
  #image;
  #at;
  #wants;
  /** By index of the image. */
  #cells = new Uint32Array(256);
  #right = new Uint32Array(256);
  #missing = new Uint32Array(256);
  #all = { cells: 0, right: 0, missing: 0 };
  #size = { width: 0, height: 0 };

  /**
   * @param {Image} image
   * @param {Cell} at its upper left cell on the board
   * @param {Uint8Array} wants the palette index that each of the image's wants
   */
  constructor(image, at, wants) {
    this.#image = image;
    this.#at = at;
    this.#wants = wants;
  }

  /**
   * Count anew, on a whole board.
   * @param {Cells} board
   */
  recount(board) {
    const { width, height, cells } = this.#image;
    const { x, y } = this.#at;
    for (const each of [this.#cells, this.#right, this.#missing]) each.fill(0);
    this.#size = { width: board.width, height: board.height };
    const [left, right] = [Math.max(0, -x), Math.min(width, board.width - x)];
    const [top, bottom] = [Math.max(0, -y), Math.min(height, board.height - y)];
    for (let row = top; row < bottom; row++) {
      const onBoard = (y + row) * board.width + x;
      for (let column = left; column < right; column++) {
        const index = cells[row * width + column];
        this.#cells[index] += 1;
        this.#note(index, board.cells[onBoard + column], 1);
      }
    }
    this.#cells[NONE] = this.#right[NONE] = this.#missing[NONE] = 0;
    this.#all = { cells: sum(this.#cells), right: sum(this.#right), missing: sum(this.#missing) };
  }

  /**
   * Follow a cell of the board that was drawn.
   * @param {number} x
   * @param {number} y
   * @param {number} now palette index
   * @param {number} before palette index
   */
  change(x, y, now, before) {
    const { width, height, cells } = this.#image;
    const [column, row] = [x - this.#at.x, y - this.#at.y];
    if (column < 0 || row < 0 || column >= width || row >= height) return;
    if (x >= this.#size.width || y >= this.#size.height) return;
    const index = cells[row * width + column];
    if (index === NONE) return;
    const { right, missing } = this.#all;
    const [rightBefore, missingBefore] = [this.#right[index], this.#missing[index]];
    this.#note(index, before, -1);
    this.#note(index, now, 1);
    this.#all.right = right + this.#right[index] - rightBefore;
    this.#all.missing = missing + this.#missing[index] - missingBefore;
  }

  /** All colours together. @returns {Tally} */
  get all() {
    return tally(this.#all);
  }

  /**
   * Each colour that counts, by rising index.
   * @returns {(Tally & {index: number, wants: number})[]}
   */
  get colors() {
    return this.#image.colors
      .filter(({ index }) => this.#cells[index])
      .map(({ index }) => ({
        index,
        wants: this.#wants[index],
        ...tally({
          cells: this.#cells[index],
          right: this.#right[index],
          missing: this.#missing[index],
        }),
      }));
  }

  /**
   * @param {number} index of the image
   * @param {number} drawn palette index on the board
   * @param {1 | -1} by
   */
  #note(index, drawn, by) {
    const wanted = this.#wants[index];
    if (wanted !== NONE && drawn === wanted) this.#right[index] += by;
    else if (drawn === BACKGROUND) this.#missing[index] += by;
  }
}

/**
 * @param {{cells: number, right: number, missing: number}} counts
 * @returns {Tally}
 */
function tally({ cells, right, missing }) {
  return { cells, right, missing, wrong: cells - right - missing };
}

/** @param {Uint32Array} counts */
function sum(counts) {
  return counts.reduce((total, each) => total + each, 0);
}

/** The board as small canvases, as large as life and halved, each repainted only where it changed. */

import { TILE } from "../state/board.js";
import { pixelTable } from "../state/palette.js";
import { meanPixel } from "./downscale.js";

export class Tiles {
  #board;
  #table = pixelTable([]);
  #generation = -1;
  /** Of each tile what has been asked for, by halvings. @type {Map<number, CanvasRenderingContext2D[]>} */
  #contexts = new Map();
  #scratch = new ImageData(TILE, TILE);
  #pixels = new Uint32Array(this.#scratch.data.buffer);

  /** @param {import("../state/board.js").Board} board */
  constructor(board) {
    this.#board = board;
  }

  /** @param {string[]} palette */
  setPalette(palette) {
    this.#table = pixelTable(palette);
    this.#contexts.clear();
  }

  /** @param {number} tile @param {number} halvings @returns {HTMLCanvasElement} up to date */
  canvas(tile, halvings) {
    const sizes = this.#refreshed(tile);
    sizes[halvings] ??= this.#create(tile, halvings);
    return sizes[halvings].canvas;
  }

  /** Paints what changed out of sight: put off, it would all be due in the frame that shows it. */
  refresh() {
    for (const tile of this.#board.dirtyTiles()) this.#refreshed(tile);
  }

  /** @returns {number} the halvings nearest to these that need no painting; these, where nothing is painted */
  nearest(tile, halvings) {
    const painted = Object.keys(this.#sizesOf(tile)).map(Number);
    const distance = (each) => Math.abs(each - halvings);
    return painted.reduce((best, each) => (distance(each) <= distance(best) ? each : best), painted[0] ?? halvings);
  }

  #refreshed(tile) {
    const sizes = this.#sizesOf(tile);
    const changed = this.#board.takeDirty(tile);
    if (changed) sizes.forEach((context, at) => this.#paint(context, tile, at, changed));
    return sizes;
  }

  #sizesOf(tile) {
    if (this.#generation !== this.#board.generation) {
      this.#generation = this.#board.generation;
      this.#contexts.clear();
    }
    if (!this.#contexts.has(tile)) this.#contexts.set(tile, []);
    return this.#contexts.get(tile);
  }

  #create(tile, halvings) {
    const rect = this.#board.tileRect(tile);
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil((rect.x1 - rect.x0) / 2 ** halvings);
    canvas.height = Math.ceil((rect.y1 - rect.y0) / 2 ** halvings);
    const context = canvas.getContext("2d", { alpha: false });
    this.#paint(context, tile, halvings, rect);
    return context;
  }

  #paint(context, tile, halvings, rect) {
    const whole = this.#board.tileRect(tile);
    const left = (rect.x0 - whole.x0) >> halvings;
    const top = (rect.y0 - whole.y0) >> halvings;
    const right = Math.ceil((rect.x1 - whole.x0) / 2 ** halvings);
    const bottom = Math.ceil((rect.y1 - whole.y0) / 2 ** halvings);
    for (let y = top; y < bottom; y++) this.#fillRow(whole, halvings, y, left, right);
    context.putImageData(this.#scratch, 0, 0, left, top, right - left, bottom - top);
  }

  #fillRow(whole, halvings, row, left, right) {
    const { cells, width } = this.#board;
    const y0 = whole.y0 + (row << halvings);
    let to = row * TILE + left;
    if (halvings === 0) {
      const end = y0 * width + whole.x0 + right;
      for (let at = y0 * width + whole.x0 + left; at < end; at++) this.#pixels[to++] = this.#table[cells[at]];
      return;
    }
    const side = 1 << halvings;
    const y1 = Math.min(y0 + side, whole.y1);
    for (let x0 = whole.x0 + left * side; x0 < whole.x0 + right * side; x0 += side) {
      this.#pixels[to++] = meanPixel(this.#board, this.#table, x0, y0, Math.min(x0 + side, whole.x1), y1);
    }
  }
}

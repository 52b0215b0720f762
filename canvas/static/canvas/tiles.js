/** The board as small canvases, each repainted only where it changed. */

import { TILE } from "./board.js";
import { pixelTable } from "./palette.js";

export class Tiles {
  #board;
  #table = pixelTable([]);
  #generation = -1;
  /** @type {Map<number, CanvasRenderingContext2D>} */
  #contexts = new Map();
  #scratch = new ImageData(TILE, TILE);
  #pixels = new Uint32Array(this.#scratch.data.buffer);

  /** @param {import("./board.js").Board} board */
  constructor(board) {
    this.#board = board;
  }

  /** @param {string[]} palette */
  setPalette(palette) {
    this.#table = pixelTable(palette);
    this.#contexts.clear();
  }

  /** @param {number} tile @returns {HTMLCanvasElement} up to date */
  canvas(tile) {
    if (this.#generation !== this.#board.generation) {
      this.#generation = this.#board.generation;
      this.#contexts.clear();
    }
    const changed = this.#board.takeDirty(tile);
    const known = this.#contexts.get(tile);
    const context = known ?? this.#create(tile);
    const rect = known ? changed : this.#board.tileRect(tile);
    if (rect) this.#paint(context, tile, rect);
    return context.canvas;
  }

  #create(tile) {
    const { x0, y0, x1, y1 } = this.#board.tileRect(tile);
    const canvas = document.createElement("canvas");
    canvas.width = x1 - x0;
    canvas.height = y1 - y0;
    const context = canvas.getContext("2d", { alpha: false });
    this.#contexts.set(tile, context);
    return context;
  }

  #paint(context, tile, { x0, y0, x1, y1 }) {
    const { cells, width } = this.#board;
    const origin = this.#board.tileRect(tile);
    for (let y = y0; y < y1; y++) {
      let to = (y - origin.y0) * TILE + (x0 - origin.x0);
      for (let from = y * width + x0; from < y * width + x1; from++) {
        this.#pixels[to++] = this.#table[cells[from]];
      }
    }
    const left = x0 - origin.x0;
    const top = y0 - origin.y0;
    context.putImageData(this.#scratch, 0, 0, left, top, x1 - x0, y1 - y0);
  }
}

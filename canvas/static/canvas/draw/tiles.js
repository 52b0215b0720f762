/** The tiles of the board: small canvases in several sizes, repainted only where they changed. */

import { TILE } from "../state/board.js";
import { pixelTable } from "../state/palette.js";
import { contextOf, isLost } from "./context.js";
import { meanPixel } from "./downscale.js";

/**
 * @import { Rect } from "../state/board.js"
 * @import { BoardView } from "../state/shown.js"
 */

export class Tiles {
  #board;
  #table = pixelTable([]);
  #generation = -1;
  /**
   * The canvases of each tile that have been asked for, by halvings.
   * @type {Map<number, CanvasRenderingContext2D[]>}
   */
  #contexts = new Map();
  #scratch = new ImageData(TILE, TILE);
  #pixels = new Uint32Array(this.#scratch.data.buffer);

  /** @param {BoardView} board */
  constructor(board) {
    this.#board = board;
  }

  /** @param {string[]} palette `#RRGGBB` */
  setPalette(palette) {
    this.#table = pixelTable(palette);
    this.#contexts.clear();
  }

  /** Forget what is painted, and paint it anew when it is asked for. */
  forget() {
    this.#contexts.clear();
  }

  /**
   * Return the canvas of a tile.
   * @param {number} tile
   * @param {number} halvings
   * @param {boolean} [stale] what has changed since need not be on it
   * @returns {HTMLCanvasElement}
   */
  canvas(tile, halvings, stale = false) {
    const sizes = stale ? this.#sizesOf(tile) : this.#refreshed(tile);
    if (sizes[halvings] && isLost(sizes[halvings])) delete sizes[halvings];
    sizes[halvings] ??= this.#create(tile, halvings);
    return sizes[halvings].canvas;
  }

  /**
   * Paint what changed out of sight: put off, it would all be due in the frame that shows it.
   * @param {() => boolean} isLate tells whether the frame has painted enough
   * @returns {boolean} whether nothing is left
   */
  refresh(isLate) {
    for (const tile of this.#board.dirtyTiles()) {
      if (isLate()) return false;
      this.#refreshed(tile);
    }
    return true;
  }

  /**
   * Return the halvings nearest to these that need no painting; these, where nothing is painted.
   * @param {number} tile
   * @param {number} halvings
   * @returns {number}
   */
  nearest(tile, halvings) {
    const painted = Object.keys(this.#sizesOf(tile)).map(Number);
    let [best = halvings] = painted;
    for (const each of painted) {
      if (Math.abs(each - halvings) <= Math.abs(best - halvings)) best = each;
    }
    return best;
  }

  /** @param {number} tile */
  #refreshed(tile) {
    const sizes = this.#sizesOf(tile);
    const changed = this.#board.takeDirty(tile);
    if (changed) {
      sizes.forEach((context, halvings) => {
        this.#paint(context, tile, halvings, changed);
      });
    }
    return sizes;
  }

  /** @param {number} tile */
  #sizesOf(tile) {
    if (this.#generation !== this.#board.generation) {
      this.#generation = this.#board.generation;
      this.#contexts.clear();
    }
    const sizes = this.#contexts.get(tile) ?? [];
    this.#contexts.set(tile, sizes);
    return sizes;
  }

  /**
   * @param {number} tile
   * @param {number} halvings
   */
  #create(tile, halvings) {
    const rect = this.#board.tileRect(tile);
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil((rect.x1 - rect.x0) / 2 ** halvings);
    canvas.height = Math.ceil((rect.y1 - rect.y0) / 2 ** halvings);
    const context = contextOf(canvas, { alpha: false });
    this.#paint(context, tile, halvings, rect);
    return context;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} tile
   * @param {number} halvings
   * @param {Rect} rect of cells
   */
  #paint(context, tile, halvings, rect) {
    const whole = this.#board.tileRect(tile);
    const left = (rect.x0 - whole.x0) >> halvings;
    const top = (rect.y0 - whole.y0) >> halvings;
    const right = Math.ceil((rect.x1 - whole.x0) / 2 ** halvings);
    const bottom = Math.ceil((rect.y1 - whole.y0) / 2 ** halvings);
    for (let y = top; y < bottom; y++) this.#fillRow(whole, halvings, y, left, right);
    context.putImageData(this.#scratch, 0, 0, left, top, right - left, bottom - top);
  }

  /**
   * @param {Rect} whole cells of the tile
   * @param {number} halvings
   * @param {number} row in pixels of the tile, as `left` and `right`
   * @param {number} left
   * @param {number} right
   */
  #fillRow(whole, halvings, row, left, right) {
    const { cells, width } = this.#board;
    const pixels = this.#pixels;
    const table = this.#table;
    const y0 = whole.y0 + (row << halvings);
    let to = row * TILE + left;
    if (halvings === 0) {
      const end = y0 * width + whole.x0 + right;
      for (let at = y0 * width + whole.x0 + left; at < end; at++) pixels[to++] = table[cells[at]];
      return;
    }
    const side = 1 << halvings;
    const y1 = Math.min(y0 + side, whole.y1);
    for (let x0 = whole.x0 + left * side; x0 < whole.x0 + right * side; x0 += side) {
      const x1 = Math.min(x0 + side, whole.x1);
      pixels[to++] = meanPixel(this.#board, table, x0, y0, x1, y1);
    }
  }
}

/** The tiles of the board: small canvases in several sizes, repainted only where they changed. */

import { Means, pairsOf } from "../lib/means.js";
import { pixelTable } from "../lib/pixels.js";
import { TILE } from "../state/board.js";
import { contextOf, isLost } from "./context.js";
import { meanPixel } from "./downscale.js";

/**
 * @import { Halved, Rect } from "../state/board.js"
 * @import { BoardView } from "../state/shown.js"
 */

export class Tiles {
  #board;
  #palette = /** @type {string[]} */ ([]);
  #table = pixelTable([]);
  /** Made when a tile is halved for the first time. @type {Means | null} */
  #means = null;
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
    this.#palette = palette;
    this.#table = pixelTable(palette);
    this.#means = null;
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
    const made = this.#isMade(halvings);
    for (let y = top; y < bottom; y++) {
      if (made) this.#copyMade(whole, halvings, y, left, right);
      else this.#fillRow(whole, halvings, y, left, right);
    }
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
    if (halvings > 0) return this.#fillHalved(whole, halvings, row, left, right);
    const { cells, width } = this.#board;
    const [pixels, table] = [this.#pixels, this.#table];
    const start = (whole.y0 + row) * width + whole.x0;
    let to = row * TILE + left;
    for (let at = start + left; at < start + right; at++) pixels[to++] = table[cells[at]];
  }

  /**
   * @param {Rect} whole cells of the tile
   * @param {number} halvings
   * @param {number} row in pixels of the tile, as `left` and `right`
   * @param {number} left
   * @param {number} right
   */
  #fillHalved(whole, halvings, row, left, right) {
    const side = 1 << halvings;
    const y0 = whole.y0 + (row << halvings);
    const y1 = Math.min(y0 + side, whole.y1);
    let x0 = whole.x0 + left * side;
    let to = row * TILE + left;
    const pairs = pairsOf(this.#board);
    if (pairs && y1 === y0 + side) {
      const x1 = whole.x0 + Math.min(right, (whole.x1 - whole.x0) >> halvings) * side;
      this.#means ??= new Means(this.#palette);
      this.#means.write(pairs, this.#board.width >> 1, { x0, y0, x1 }, halvings, this.#pixels, to);
      to += (x1 - x0) >> halvings;
      x0 = x1;
    }
    // Squares that the board's edge cuts off.
    for (; x0 < whole.x0 + right * side; x0 += side) {
      const x1 = Math.min(x0 + side, whole.x1);
      this.#pixels[to++] = meanPixel(this.#board, this.#table, x0, y0, x1, y1);
    }
  }

  /**
   * Tell whether the board came with its pixels of so many halvings, in the colours that are shown.
   * @param {number} halvings
   */
  #isMade(halvings) {
    const { halved } = this.#board;
    return halved?.halvings === halvings && String(halved.palette) === String(this.#palette);
  }

  /**
   * @param {Rect} whole cells of the tile
   * @param {number} halvings
   * @param {number} row in pixels of the tile, as `left` and `right`
   * @param {number} left
   * @param {number} right
   */
  #copyMade(whole, halvings, row, left, right) {
    const { pixels } = /** @type {Halved} */ (this.#board.halved);
    const start = ((whole.y0 >> halvings) + row) * (this.#board.width >> halvings);
    const from = start + (whole.x0 >> halvings);
    this.#pixels.set(pixels.subarray(from + left, from + right), row * TILE + left);
  }
}

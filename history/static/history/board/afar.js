/** The board as a page sees it from afar: made anew only where cells may differ. */

import { Means, pairsOf } from "../../canvas/lib/means.js";
import { SQUARE } from "./touched.js";

/**
 * @import { Some, All } from "./redacted_view.js"
 * @import { Touched } from "./touched.js"
 *
 * The size and colours in which a board is seen.
 * @typedef {{width: number, height: number, palette: string[], halvings: number}} Look
 *
 * Each pixel is the mean of a square of cells, whose side is halved so often that it is one.
 * @typedef {{halvings: number, palette: string[], pixels: Uint32Array<ArrayBuffer>}} Halved
 */

const MOST_HALVINGS = Math.log2(SQUARE);

export class Afar {
  /** A byte for each square of cells, 1 where its pixels are not made. */
  #stale = new Uint8Array(0);
  #pixels = new Uint32Array(0);
  #means = new Means([]);
  #key = "";

  /**
   * Note what a look may have changed, and return all pixels where it has all cells.
   * @param {Some | All} change
   * @param {Touched | null} touched null: any cell
   * @param {Look} look
   * @returns {Halved | null} null also where the page makes them as quickly
   */
  see(change, touched, { width, height, palette, halvings }) {
    const fits = width % SQUARE === 0 && height % SQUARE === 0;
    if (!fits || halvings < 1 || halvings > MOST_HALVINGS) return this.#forget();
    const key = `${width} ${height} ${halvings} ${palette}`;
    if (key === this.#key) this.#note(touched, width);
    else this.#begin(key, palette, (width * height) >> (2 * halvings), width * height);
    if (!("cells" in change)) return null;
    this.#make(change.cells, width, halvings);
    return { halvings, palette, pixels: this.#pixels.slice() };
  }

  #forget() {
    this.#key = "";
    return null;
  }

  /**
   * @param {string} key
   * @param {string[]} palette
   * @param {number} pixels how many there are
   * @param {number} cells how many there are
   */
  #begin(key, palette, pixels, cells) {
    this.#key = key;
    this.#means = new Means(palette);
    this.#pixels = new Uint32Array(pixels);
    this.#stale = new Uint8Array(cells / SQUARE ** 2).fill(1);
  }

  /**
   * @param {Touched | null} touched
   * @param {number} width in cells
   */
  #note(touched, width) {
    const stale = this.#stale;
    if (touched?.cells) {
      for (const at of touched.cells) {
        const [x, y] = [at % width, Math.floor(at / width)];
        stale[Math.floor(y / SQUARE) * (width / SQUARE) + Math.floor(x / SQUARE)] = 1;
      }
    } else if (touched?.squares) {
      for (let i = 0; i < stale.length; i++) stale[i] |= touched.squares[i];
    } else stale.fill(1);
  }

  /**
   * Make the pixels of stale squares.
   * @param {Uint8Array} cells
   * @param {number} width in cells
   * @param {number} halvings
   */
  #make(cells, width, halvings) {
    const pairs = /** @type {Uint16Array} */ (pairsOf({ width, cells }));
    const columns = width / SQUARE;
    for (let start = 0; start < this.#stale.length; start += columns) {
      const row = this.#stale.subarray(start, start + columns);
      for (let from = row.indexOf(1); from >= 0; ) {
        const end = row.indexOf(0, from);
        const to = end < 0 ? columns : end;
        const [x0, x1] = [from * SQUARE, to * SQUARE];
        const top = (start / columns) * SQUARE;
        for (let y0 = top; y0 < top + SQUARE; y0 += 1 << halvings) {
          const at = (y0 >> halvings) * (width >> halvings) + (x0 >> halvings);
          this.#means.write(pairs, width >> 1, { x0, y0, x1 }, halvings, this.#pixels, at);
        }
        from = row.indexOf(1, to);
      }
    }
    this.#stale.fill(0);
  }
}

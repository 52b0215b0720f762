/** Means of squares of cells: a board seen from afar, two cells at a time. */

import { pixelTable } from "./pixels.js";

const TWO_CELLS = 2 ** 16;
const CHANNELS = 0xff00ff; // every other one of a pixel

export class Means {
  /** The sums of two cells that lie side by side, two channels to a sum, 16 bits each. */
  #even = new Int32Array(TWO_CELLS);
  #odd = new Int32Array(TWO_CELLS);
  /** The pixel of a cell of each colour. */
  #table;

  /** @param {string[]} palette `#RRGGBB` */
  constructor(palette) {
    const table = pixelTable(palette);
    this.#table = table;
    const even = Int32Array.from(table, (pixel) => pixel & CHANNELS);
    const odd = Int32Array.from(table, (pixel) => (pixel >>> 8) & CHANNELS);
    for (let pair = 0; pair < TWO_CELLS; pair++) {
      this.#even[pair] = even[pair >> 8] + even[pair & 255];
      this.#odd[pair] = odd[pair >> 8] + odd[pair & 255];
    }
  }

  /**
   * Write the means of whole squares that lie side by side.
   * @param {Uint16Array} pairs the cells of a board of even width, two at a time
   * @param {number} width of its rows, in pairs
   * @param {{x0: number, y0: number, x1: number}} row cells, `x0` and `x1` multiples of the side
   * @param {number} halvings from 1 to 4: the side of a square is 2, 4, 8 or 16 cells
   * @param {Uint32Array} pixels
   * @param {number} to the first of them
   */
  write(pairs, width, { x0, y0, x1 }, halvings, pixels, to) {
    const [even, odd] = [this.#even, this.#odd];
    const wide = 1 << (halvings - 1);
    const half = (1 << (2 * halvings - 1)) * 0x10001; // a mean is rounded
    const shift = 2 * halvings;
    const below = (1 << halvings) * width;
    const start = y0 * width;
    for (let x = x0 >> 1; x < x1 >> 1; x += wide) {
      if (isOneColor(pairs, start + x, wide, below, width)) {
        pixels[to++] = this.#table[pairs[start + x] & 255];
        continue;
      }
      let a = half;
      let b = half;
      for (let row = start + x; row < start + below; row += width) {
        for (let at = row; at < row + wide; at++) {
          const pair = pairs[at];
          a = (a + even[pair]) | 0;
          b = (b + odd[pair]) | 0;
        }
      }
      pixels[to++] = ((a >>> shift) & CHANNELS) | (((b >>> shift) & CHANNELS) << 8);
    }
  }
}

/**
 * Tell whether a square has one colour, as most of a drawing's have: its mean is that colour.
 * @param {Uint16Array} pairs
 * @param {number} start of the square
 * @param {number} wide pairs in its row
 * @param {number} below pairs of the board from its first row to the one after its last
 * @param {number} width of the board's rows, in pairs
 */
function isOneColor(pairs, start, wide, below, width) {
  const first = pairs[start];
  if (first >> 8 !== (first & 255)) return false;
  for (let row = start; row < start + below; row += width) {
    for (let at = row; at < row + wide; at++) if (pairs[at] !== first) return false;
  }
  return true;
}

/**
 * Return the cells of a board two at a time; null where they do not lie so.
 * @param {{width: number, cells: Uint8Array}} board
 */
export function pairsOf({ width, cells }) {
  if (width % 2 || cells.byteOffset % 2) return null;
  return new Uint16Array(cells.buffer, cells.byteOffset, cells.length >> 1);
}

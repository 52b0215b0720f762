/** Downscaling of the board: each pixel the mean of a square of cells. */

/** The smallest scale is 1/16: a square of 256 cells is the most whose sums fit in 16 bits. */
export const MOST_HALVINGS = 4;

/**
 * Return how often the board can be halved and still be no smaller than it is seen.
 * @param {number} pixel device pixels a cell
 */
export function halvingsAt(pixel) {
  return Math.min(MOST_HALVINGS, Math.max(0, Math.floor(-Math.log2(pixel))));
}

/**
 * Return the mean pixel of some cells.
 * @param {{cells: Uint8Array, width: number}} board
 * @param {Uint32Array} table one pixel a palette index
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1 first one beyond
 * @param {number} y1 first one beyond
 */
export function meanPixel({ cells, width }, table, x0, y0, x1, y1) {
  // Two channels to a sum, 16 bits each.
  let even = 0;
  let odd = 0;
  for (let y = y0; y < y1; y++) {
    for (let at = y * width + x0; at < y * width + x1; at++) {
      const pixel = table[cells[at]];
      even = (even + (pixel & 0xff00ff)) | 0;
      odd = (odd + ((pixel >>> 8) & 0xff00ff)) | 0;
    }
  }
  const count = (x1 - x0) * (y1 - y0);
  return (divided(even, count) | (divided(odd, count) << 8)) >>> 0;
}

/**
 * Divide two sums of 16 bits each.
 * @param {number} sums
 * @param {number} count
 */
function divided(sums, count) {
  return (Math.round((sums >>> 16) / count) << 16) | Math.round((sums & 0xffff) / count);
}

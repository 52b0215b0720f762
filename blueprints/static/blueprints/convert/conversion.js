/** The conversion of a picture into cells, by choice. */

import { clearBackground } from "./background.js";
import { matchDithered, matchExactly, matchNearest } from "./matching.js";
import { resizeArea, resizeNearest } from "./resizing.js";

/**
 * @import { Ink, Matched, Pixels } from "./matching.js"
 *
 * @typedef {object} Choice
 * @property {"exact" | "nearest" | "dithered"} match
 * @property {"nearest" | "area"} resize
 * @property {number} width in cells
 * @property {number} height in cells
 * @property {boolean} background whether it is cleared
 *
 * @typedef {Matched & {width: number, height: number}} Converted
 */

const MATCHES = { exact: matchExactly, nearest: matchNearest, dithered: matchDithered };

/**
 * Convert a picture; it stays as it is.
 * @param {Pixels} pixels
 * @param {Ink[]} inks
 * @param {Choice} choice
 * @returns {Converted}
 */
export function convert(pixels, inks, { match, resize, width, height, background }) {
  let made = pixels;
  if (background) {
    made = { ...pixels, data: pixels.data.slice() };
    clearBackground(made);
  }
  if (made.width !== width || made.height !== height) {
    made = (resize === "area" ? resizeArea : resizeNearest)(made, width, height);
  }
  return { width, height, ...MATCHES[match](made, inks) };
}

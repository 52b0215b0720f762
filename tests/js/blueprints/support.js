/** Random pictures, boards and palettes, the same in each run. */

import { NONE } from "../../../blueprints/static/blueprints/model/image.js";

/** @import { Pixels } from "../../../blueprints/static/blueprints/convert/matching.js" */

export const PALETTE = ["#FFFFFF", "#FF0000", "#12306B", "#2E9E4B", "#FFD93B", "#14171C"];
export const INKS = PALETTE.map((color, index) => ({ index, color }));

/**
 * Return a source of numbers from 0 to below 1.
 * @param {number} seed
 */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Return a source of whole numbers below another.
 * @param {number} seed
 */
export function wholeFrom(seed) {
  const random = randomFrom(seed);
  return (/** @type {number} */ below) => Math.floor(random() * below);
}

/**
 * Make a picture of random colours; a tenth of it is clear.
 * @param {number} width
 * @param {number} height
 * @param {number} seed
 * @returns {Pixels}
 */
export function noise(width, height, seed) {
  const whole = wholeFrom(seed);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) {
    data.set([whole(256), whole(256), whole(256), whole(10) ? 255 : 0], at);
  }
  return { width, height, data };
}

/**
 * Make cells of random palette indices; some are to be left alone.
 * @param {number} count
 * @param {number} colors
 * @param {number} seed
 */
export function randomCells(count, colors, seed) {
  const whole = wholeFrom(seed);
  return Uint8Array.from({ length: count }, () => (whole(4) ? whole(colors) : NONE));
}

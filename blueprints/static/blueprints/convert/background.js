/** The background of a picture: the colour at its edge, and what hangs together with it there. */

import { oklab } from "./oklab.js";

/** @import { Pixels } from "./matching.js" */

const NEAR = 0.04; // of OKLab: compression makes one colour many

/**
 * Clear the background, in place: from the edges inward, all that is near to the colour that most
 * pixels of the edge have.
 * @param {Pixels} pixels
 */
export function clearBackground(pixels) {
  const { width, height, data } = pixels;
  const edge = edgeOf(width, height);
  const value = mostCommon(edge, data);
  if (value === null) return;
  const near = nearTo(value, data);
  const waiting = edge.filter((at) => near(at));
  for (const at of waiting) data[at * 4 + 3] = 0;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const x = at % width;
    for (const next of [
      x > 0 ? at - 1 : -1,
      x < width - 1 ? at + 1 : -1,
      at - width,
      at + width < width * height ? at + width : -1,
    ]) {
      if (next < 0 || !near(next)) continue;
      data[next * 4 + 3] = 0;
      waiting.push(next);
    }
  }
}

/**
 * Return the pixels at the edge, each once.
 * @param {number} width
 * @param {number} height
 */
function edgeOf(width, height) {
  const last = (height - 1) * width;
  const edge = new Set();
  for (let x = 0; x < width; x++) edge.add(x).add(last + x);
  for (let y = 0; y < height; y++) edge.add(y * width).add(y * width + width - 1);
  return [...edge];
}

/**
 * Return the colour that most of these have, as a number; null where all are clear.
 * @param {number[]} pixels
 * @param {Uint8ClampedArray} data
 */
function mostCommon(pixels, data) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const at of pixels) {
    if (data[at * 4 + 3] < 128) continue;
    const value = valueAt(data, at);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

/**
 * Return a test whether a pixel is drawn, and near to a colour.
 * @param {number} value
 * @param {Uint8ClampedArray} data
 */
function nearTo(value, data) {
  const [l, a, b] = oklab(value >> 16, (value >> 8) & 255, value & 255);
  /** @type {Map<number, boolean>} */
  const known = new Map([[value, true]]);
  return (/** @type {number} */ at) => {
    if (!data[at * 4 + 3]) return false;
    const other = valueAt(data, at);
    let near = known.get(other);
    if (near === undefined) {
      const lab = oklab(other >> 16, (other >> 8) & 255, other & 255);
      near = Math.hypot(lab[0] - l, lab[1] - a, lab[2] - b) < NEAR;
      known.set(other, near);
    }
    return near;
  };
}

/**
 * @param {Uint8ClampedArray} data
 * @param {number} at
 */
function valueAt(data, at) {
  return (data[at * 4] << 16) | (data[at * 4 + 1] << 8) | data[at * 4 + 2];
}

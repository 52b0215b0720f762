/** Resizing of pictures: by the nearest pixel, by the mean of an area; enlargements undone. */

import { gamma, LINEAR } from "./oklab.js";

/** @import { Pixels } from "./matching.js" */

/**
 * Resize by the pixel under the middle of each new one.
 * @param {Pixels} pixels
 * @param {number} width
 * @param {number} height
 * @returns {Pixels}
 */
export function resizeNearest(pixels, width, height) {
  const from = new Uint32Array(pixels.data.buffer, pixels.data.byteOffset, pixels.data.length / 4);
  const data = new Uint8ClampedArray(width * height * 4);
  const to = new Uint32Array(data.buffer);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * pixels.height) / height) * pixels.width;
    for (let x = 0; x < width; x++) {
      to[at++] = from[row + Math.floor(((x + 0.5) * pixels.width) / width)];
    }
  }
  return { width, height, data };
}

/**
 * Resize by the mean light of the area that each new pixel covers; clear pixels give none.
 * @param {Pixels} pixels
 * @param {number} width
 * @param {number} height
 * @returns {Pixels}
 */
export function resizeArea(pixels, width, height) {
  const across = spansOf(pixels.width, width);
  const down = spansOf(pixels.height, height);
  const data = new Uint8ClampedArray(width * height * 4);
  const sums = new Float64Array(width * 4);
  const lights = new Float64Array(width * 4);
  let held = -1; // the row whose lights these are
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let n = down.starts[y]; n < down.starts[y + 1]; n++) {
      if (down.from[n] !== held) meanAcross(pixels, down.from[n], across, lights);
      held = down.from[n];
      const share = down.shares[n];
      for (let at = 0; at < sums.length; at++) sums[at] += lights[at] * share;
    }
    for (let x = 0; x < width; x++) writePixel(data, (y * width + x) * 4, sums, x * 4);
  }
  return { width, height, data };
}

/**
 * Write the light of a row's new pixels, times their alpha, and the alpha.
 * @param {Pixels} pixels
 * @param {number} row
 * @param {Spans} spans
 * @param {Float64Array} lights
 */
function meanAcross({ width, data }, row, { starts, from, shares }, lights) {
  lights.fill(0);
  for (let x = 0, to = 0; to < lights.length; x++, to += 4) {
    for (let n = starts[x]; n < starts[x + 1]; n++) {
      const at = (row * width + from[n]) * 4;
      const alpha = (data[at + 3] / 255) * shares[n];
      lights[to] += LINEAR[data[at]] * alpha;
      lights[to + 1] += LINEAR[data[at + 1]] * alpha;
      lights[to + 2] += LINEAR[data[at + 2]] * alpha;
      lights[to + 3] += alpha;
    }
  }
}

/**
 * @param {Uint8ClampedArray} data
 * @param {number} to
 * @param {Float64Array} sums light times alpha, and alpha
 * @param {number} from
 */
function writePixel(data, to, sums, from) {
  const alpha = sums[from + 3];
  if (!alpha) return;
  for (let part = 0; part < 3; part++) data[to + part] = gamma(sums[from + part] / alpha);
  data[to + 3] = Math.round(alpha * 255);
}

/**
 * The old pixels that each new one covers: those of the n-th are from `starts[n]` to below
 * `starts[n + 1]`, each with its share in it.
 * @typedef {{starts: Int32Array, from: Int32Array, shares: Float64Array}} Spans
 *
 * @param {number} before
 * @param {number} after
 * @returns {Spans}
 */
function spansOf(before, after) {
  const step = before / after;
  const starts = new Int32Array(after + 1);
  const from = [];
  const shares = [];
  for (let n = 0; n < after; n++) {
    const [first, last] = [n * step, Math.min((n + 1) * step, before)];
    for (let at = Math.floor(first); at < last; at++) {
      const share = (Math.min(at + 1, last) - Math.max(at, first)) / (last - first);
      if (share < 1e-9) continue;
      from.push(at);
      shares.push(share);
    }
    starts[n + 1] = from.length;
  }
  return { starts, from: Int32Array.from(from), shares: Float64Array.from(shares) };
}

/**
 * Return how many times a picture was enlarged: the largest k for which it is made of squares of
 * k x k equal pixels. One of a single colour was not.
 * @param {Pixels} pixels
 * @returns {number}
 */
export function enlargementOf({ width, height, data }) {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  let k = greatestDivisor(width, height);
  let plain = true;
  for (let y = 0; y < height && k > 1; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      if (x && pixels[at] !== pixels[at - 1]) {
        plain = false;
        k = greatestDivisor(k, x);
      }
      if (y && pixels[at] !== pixels[at - width]) {
        plain = false;
        k = greatestDivisor(k, y);
      }
    }
  }
  return plain ? 1 : k;
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function greatestDivisor(a, b) {
  return b ? greatestDivisor(b, a % b) : a;
}

/**
 * Keep the middle pixel of each square of three, as a template manager marks its cells.
 * @param {Pixels} pixels
 * @returns {Pixels}
 */
export function unshred(pixels) {
  const [width, height] = [Math.floor(pixels.width / 3), Math.floor(pixels.height / 3)];
  return resizeNearest(cropped(pixels, width * 3, height * 3), width, height);
}

/**
 * @param {Pixels} pixels
 * @param {number} width
 * @param {number} height
 * @returns {Pixels}
 */
function cropped(pixels, width, height) {
  if (pixels.width === width && pixels.height === height) return pixels;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = y * pixels.width * 4;
    data.set(pixels.data.subarray(from, from + width * 4), y * width * 4);
  }
  return { width, height, data };
}

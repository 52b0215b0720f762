/** Matching pixels with a palette: exactly, by the nearest colour, or dithered. */

import { NONE } from "../model/image.js";
import { oklab } from "./oklab.js";

/**
 * @import { Lab } from "./oklab.js"
 *
 * @typedef {{index: number, color: string}} Ink a colour that may be drawn, `#RRGGBB`
 * @typedef {{width: number, height: number, data: Uint8ClampedArray}} Pixels RGBA
 * @typedef {{cells: Uint8Array, unknown: number, first: string | null}} Matched `unknown` pixels
 *   are in no colour of the palette, `first` is the first such colour
 */

const OPAQUE = 128; // a pixel with less alpha is left alone
const LARGEST_ERROR = 0.6; // of OKLab, at most handed on: a colour must not bleed far

/**
 * Match pixels with equal colours only.
 * @param {Pixels} pixels
 * @param {Ink[]} inks
 * @returns {Matched}
 */
export function matchExactly({ data }, inks) {
  const known = new Map(inks.map(({ index, color }) => [numberOf(color), index]));
  const cells = new Uint8Array(data.length / 4).fill(NONE);
  let unknown = 0;
  let first = null;
  for (let at = 0, pixel = 0; at < data.length; at += 4, pixel++) {
    if (data[at + 3] < OPAQUE) continue;
    const value = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    const index = known.get(value);
    if (index !== undefined) cells[pixel] = index;
    else {
      unknown += 1;
      first ??= `#${value.toString(16).padStart(6, "0").toUpperCase()}`;
    }
  }
  return { cells, unknown, first };
}

/**
 * Match pixels with the nearest colour.
 * @param {Pixels} pixels
 * @param {Ink[]} inks
 * @returns {Matched}
 */
export function matchNearest({ data }, inks) {
  const nearest = finderOf(inks);
  const cells = new Uint8Array(data.length / 4).fill(NONE);
  // What was found, plus one, by colour: pictures have far fewer colours than pixels.
  const found = new Uint8Array(2 ** 24);
  for (let at = 0, pixel = 0; at < data.length; at += 4, pixel++) {
    if (data[at + 3] < OPAQUE) continue;
    const value = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    if (!found[value]) {
      const [l, a, b] = oklab(data[at], data[at + 1], data[at + 2]);
      found[value] = nearest(l, a, b) + 1;
    }
    cells[pixel] = inks[found[value] - 1].index;
  }
  return { cells, unknown: 0, first: null };
}

/**
 * Match pixels with near colours that come to theirs together (Floyd and Steinberg, in OKLab, rows
 * to and fro).
 * @param {Pixels} pixels
 * @param {Ink[]} inks
 * @returns {Matched}
 */
export function matchDithered({ width, height, data }, inks) {
  const nearest = finderOf(inks);
  const labs = inks.map(labOf);
  const cells = new Uint8Array(width * height).fill(NONE);
  // Errors of this row and the next, with a margin at both ends.
  let [here, below] = [rowOf(width), rowOf(width)];
  for (let y = 0; y < height; y++) {
    const step = y % 2 ? -1 : 1;
    for (let n = 0, x = step > 0 ? 0 : width - 1; n < width; n++, x += step) {
      const at = (y * width + x) * 4;
      if (data[at + 3] < OPAQUE) continue;
      const lab = oklab(data[at], data[at + 1], data[at + 2]);
      const slot = (x + 1) * 3;
      for (let part = 0; part < 3; part++) lab[part] += here[slot + part];
      const chosen = nearest(lab[0], lab[1], lab[2]);
      cells[y * width + x] = inks[chosen].index;
      spread(here, below, slot, step * 3, lab, labs[chosen]);
    }
    [here, below] = [below, here];
    below.fill(0);
  }
  return { cells, unknown: 0, first: null };
}

/** @param {number} width */
function rowOf(width) {
  return new Float64Array((width + 2) * 3);
}

/**
 * Hand the error of a pixel on to its neighbours.
 * @param {Float64Array} here
 * @param {Float64Array} below
 * @param {number} slot of the pixel in both
 * @param {number} ahead the way to the next pixel
 * @param {Lab} wanted
 * @param {Lab} got
 */
function spread(here, below, slot, ahead, wanted, got) {
  for (let part = 0; part < 3; part++) {
    const error = wanted[part] - got[part];
    const share = Math.min(Math.max(error, -LARGEST_ERROR), LARGEST_ERROR) / 16;
    here[slot + ahead + part] += share * 7;
    below[slot - ahead + part] += share * 3;
    below[slot + part] += share * 5;
    below[slot + ahead + part] += share;
  }
}

/**
 * Return a function that finds the place in the list of the ink nearest to a colour in OKLab.
 * @param {Ink[]} inks
 * @returns {(l: number, a: number, b: number) => number}
 */
function finderOf(inks) {
  const labs = Float64Array.from(inks.flatMap(labOf));
  return (l, a, b) => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < labs.length; at += 3) {
      const dl = l - labs[at];
      let distance = dl * dl;
      if (distance >= least) continue;
      const da = a - labs[at + 1];
      const db = b - labs[at + 2];
      distance += da * da + db * db;
      if (distance < least) {
        least = distance;
        best = at;
      }
    }
    return best / 3;
  };
}

/** @param {Ink} ink */
function labOf({ color }) {
  const value = numberOf(color);
  return oklab(value >> 16, (value >> 8) & 255, value & 255);
}

/** @param {string} color `#RRGGBB` */
function numberOf(color) {
  return Number.parseInt(color.slice(1), 16);
}

/** The palette: its colours in words, and with signs. */

import { channels } from "../lib/pixels.js";

// The keys that choose the first ten colours, then letters that look like no digit.
const SIGNS = "1234567890ABCDEFGHJKLMNPQRSTUVWXYZ";

/**
 * Return the indices of the colours that may be chosen. A retired one keeps its index, for the
 * pixels that are drawn with it.
 * @param {string[]} palette `#RRGGBB`
 * @param {string[]} retired `#RRGGBB`
 * @returns {number[]}
 */
export function onOffer(palette, retired) {
  return [...palette.keys()].filter((index) => !retired.includes(palette[index]));
}

/**
 * Return the names of a palette, each once: the nearest known colour, numbered when it is taken.
 * @param {string[]} palette `#RRGGBB`
 * @param {Record<string, string>} named names by `#RRGGBB`, in the language that is spoken
 * @returns {string[]}
 */
export function colorNames(palette, named) {
  const taken = new Map();
  return palette.map((hex) => {
    const name = named[hex.toUpperCase()] ?? named[nearest(hex, Object.keys(named))];
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  });
}

/**
 * Return the sign that tells a colour from others that look like it; the background has none.
 * @param {number} index in the palette
 * @returns {string}
 */
export function signOf(index) {
  if (index === 0) return "";
  const round = Math.floor(index / SIGNS.length);
  return SIGNS[index % SIGNS.length] + (round || "");
}

/**
 * Tell whether dark ink reads better than light on a colour.
 * @param {string} hex `#RRGGBB`
 */
export function wantsDarkInk(hex) {
  const [r, g, b] = channels(hex).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179;
}

/**
 * @param {string} hex
 * @param {string[]} known
 */
function nearest(hex, known) {
  return known.reduce((best, each) => (distance(hex, each) < distance(hex, best) ? each : best));
}

/**
 * Return the "redmean" distance: near enough to the eye's, without a colour space.
 * @param {string} a
 * @param {string} b
 */
function distance(a, b) {
  const [ar, ag, ab] = channels(a);
  const [br, bg, bb] = channels(b);
  const mean = (ar + br) / 2;
  const [dr, dg, db] = [ar - br, ag - bg, ab - bb];
  return (2 + mean / 256) * dr * dr + 4 * dg * dg + (2 + (255 - mean) / 256) * db * db;
}

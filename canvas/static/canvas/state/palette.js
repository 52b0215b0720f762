/** Colours: as words, as pixels, and how they stand out. Pure. */

// The keys that choose the first ten colours, then letters that nobody takes for a digit.
const SIGNS = "1234567890ABCDEFGHJKLMNPQRSTUVWXYZ";

/** @param {string} hex `#RRGGBB` @returns {[number, number, number]} */
export function channels(hex) {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/**
 * One opaque pixel a palette index, in this machine's byte order; unknown indices are clear.
 * @param {string[]} palette
 * @returns {Uint32Array} of 256
 */
export function pixelTable(palette) {
  const bytes = new Uint8Array(256 * 4);
  palette.forEach((hex, index) => bytes.set([...channels(hex), 255], index * 4));
  return new Uint32Array(bytes.buffer);
}

/**
 * Which colours people may choose: a retired one keeps its index, and what is drawn with it.
 * @param {string[]} palette
 * @param {string[]} retired
 * @returns {number[]} palette indices
 */
export function onOffer(palette, retired) {
  return [...palette.keys()].filter((index) => !retired.includes(palette[index]));
}

/**
 * Names for a palette, each once: the nearest known colour, numbered when it is taken.
 * @param {string[]} palette
 * @param {Record<string, string>} named names by colour, in the language that is spoken
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
 * What tells a colour apart from those that look like it; the background has none.
 * @param {number} index in the palette
 * @returns {string}
 */
export function signOf(index) {
  if (index === 0) return "";
  const round = Math.floor(index / SIGNS.length);
  return SIGNS[index % SIGNS.length] + (round || "");
}

/** @returns {boolean} whether dark ink reads better than light on this colour */
export function wantsDarkInk(hex) {
  const [r, g, b] = channels(hex).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179;
}

function nearest(hex, known) {
  return known.reduce((best, each) => (distance(hex, each) < distance(hex, best) ? each : best));
}

/** The "redmean" distance: near enough to what the eye sees, without a colour space. */
function distance(a, b) {
  const [ar, ag, ab] = channels(a);
  const [br, bg, bb] = channels(b);
  const mean = (ar + br) / 2;
  const [dr, dg, db] = [ar - br, ag - bg, ab - bb];
  return (2 + mean / 256) * dr * dr + 4 * dg * dg + (2 + (255 - mean) / 256) * db * db;
}

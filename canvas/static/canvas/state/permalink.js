/**
 * Links to a place on the canvas. `#x,y,zoom` is for the page; `?x=&y=&zoom=` says the same to the
 * server, for the picture that goes with a shared link.
 */

/** @typedef {{x: number, y: number, scale?: number}} Place a cell, and CSS pixels a cell */

/**
 * Read a place.
 * @param {string} text with or without its leading `#`
 * @returns {Place | null}
 */
export function parsePlace(text) {
  const match = /^#?(\d{1,5}),(\d{1,5})(?:,(\d{1,3}(?:\.\d{1,3})?))?$/.exec(text.trim());
  if (!match) return null;
  const place = { x: Number(match[1]), y: Number(match[2]) };
  const scale = Number(match[3] ?? 0);
  return scale > 0 ? { ...place, scale } : place;
}

// Digits of other scripts come in runs of ten, whose zeros are these.
const ZEROS = [0x0660, 0x06f0, 0x0966, 0xff10];

/**
 * Read a place as a person types or pastes it: `12, 34`, `x=12 y=34`, with a zoom, or a link.
 * @param {string} text
 * @returns {Place | null}
 */
export function parseTyped(text) {
  const western = text.replace(/\p{Nd}/gu, westernDigit);
  const link = /^\w+:\/\/[^?#]*([^#]*)(.*)$/.exec(western.trim());
  if (link) return parsePlace(link[2]) ?? parseQuery(link[1]);
  return parsePlace((western.match(/-?\d+(?:\.\d+)?/g) ?? []).join());
}

/** @param {string} digit of any script */
function westernDigit(digit) {
  const code = digit.codePointAt(0) ?? 0;
  const zero = ZEROS.find((first) => code >= first && code < first + 10);
  return zero === undefined ? digit : String(code - zero);
}

/**
 * Write a place.
 * @param {Place} place
 * @returns {string}
 */
export function formatPlace({ x, y, scale }) {
  return scale ? `${x},${y},${Number(scale.toFixed(2))}` : `${x},${y}`;
}

/**
 * Read the place in the query of an address.
 * @param {string} search
 * @returns {Place | null}
 */
export function parseQuery(search) {
  const query = new URLSearchParams(search);
  const parts = ["x", "y", "zoom"].filter((name) => query.has(name)).map((name) => query.get(name));
  return parsePlace(parts.join());
}

/**
 * Write a place as a query.
 * @param {Place} place
 * @returns {string}
 */
export function formatQuery(place) {
  const [x, y, zoom] = formatPlace(place).split(",");
  return String(new URLSearchParams(zoom ? { x, y, zoom } : { x, y }));
}

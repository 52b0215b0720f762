/**
 * Links to a place on the canvas, now or at a moment of its past. `#x,y,zoom@moment` is for the
 * page; `?x=&y=&zoom=&at=` says the same to the server, for the picture of a shared link.
 */

/**
 * A cell, CSS pixels a cell, and a moment as it is written: whether it is one is still to be seen.
 * @typedef {{x: number, y: number, scale?: number, at?: string}} Place
 */

const FORM = /^#?(\d{1,5}),(\d{1,5})(?:,(\d{1,3}(?:\.\d{1,3})?))?(?:@(.{1,60}))?$/;

/**
 * Read a place.
 * @param {string} text with or without its leading `#`
 * @returns {Place | null}
 */
export function parsePlace(text) {
  const match = FORM.exec(decoded(text).trim());
  if (!match) return null;
  const [, x, y, zoom, at] = match;
  /** @type {Place} */
  const place = { x: Number(x), y: Number(y) };
  if (Number(zoom ?? 0) > 0) place.scale = Number(zoom);
  if (at) place.at = at;
  return place;
}

/** @param {string} text in which a messenger may have escaped some characters */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
export function formatPlace({ x, y, scale, at }) {
  const place = scale ? `${x},${y},${Number(scale.toFixed(2))}` : `${x},${y}`;
  return at ? `${place}@${at}` : place;
}

/**
 * Read the place in the query of an address.
 * @param {string} search
 * @returns {Place | null}
 */
export function parseQuery(search) {
  const query = new URLSearchParams(search);
  const parts = ["x", "y", "zoom"].filter((name) => query.has(name)).map((name) => query.get(name));
  const at = query.get("at");
  return parsePlace(at ? `${parts.join()}@${at}` : parts.join());
}

/**
 * Write a place as a query.
 * @param {Place} place
 * @returns {string}
 */
export function formatQuery(place) {
  const { at, ...here } = place;
  const [x, y, zoom] = formatPlace(here).split(",");
  return String(new URLSearchParams({ x, y, ...(zoom && { zoom }), ...(at && { at }) }));
}

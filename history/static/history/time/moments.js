/** Moments: read and written, with what is wrong with one. */

/** @typedef {{from: number, to: number}} Span in ms since 1970 */

const FORM = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?(Z|[+ -]\d\d:?\d\d)?$/i;
const SECOND = 1000;

/**
 * Read a moment; one without a zone is in UTC, as the server reads it.
 * @param {string} text ISO 8601, in any zone, or ms since 1970
 * @returns {number | null} ms since 1970; null for what is no moment
 */
export function parseMoment(text) {
  if (/^\d{9,15}$/.test(text)) return Number(text);
  const match = FORM.exec(text.trim());
  if (!match) return null;
  const [, date, time = "00:00", zone = "Z"] = match;
  // A plus sign in the query of an address is a space.
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase().replace(" ", "+")}`);
  // The 30th of February is no day, but some browsers make one of it.
  const day = Date.parse(`${date}T00:00Z`);
  const real = !Number.isNaN(day) && new Date(day).toISOString().startsWith(date);
  return Number.isNaN(ms) || !real ? null : ms;
}

/**
 * Write a moment for an address, in UTC.
 * @param {number} ms since 1970
 */
export function formatMoment(ms) {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

/**
 * Return the whole second at which a moment is over: all that was placed in it is there.
 * @param {number} ms since 1970
 */
export function wholeSecond(ms) {
  return Math.ceil(ms / SECOND) * SECOND;
}

/**
 * Return a moment within a span, and whether it was before or after it.
 * @param {number} ms
 * @param {Span} span
 * @returns {{ms: number, beyond: "before" | "after" | null}}
 */
export function within(ms, { from, to }) {
  if (ms < from) return { ms: from, beyond: "before" };
  if (ms > to) return { ms: to, beyond: "after" };
  return { ms, beyond: null };
}

/**
 * Write a moment for a field of date and time, by the clock of this device.
 * @param {number} ms since 1970
 */
export function localField(ms) {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

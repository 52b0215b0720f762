/** A former version of a blueprint of the site. */

import { wholeOf } from "../files/fields.js";
import { SiteError } from "./site_error.js";

/**
 * @import { Fields } from "../files/fields.js"
 *
 * @typedef {object} Former
 * @property {number} version
 * @property {string} title
 * @property {number} x
 * @property {number} y
 * @property {string} image its sha256
 * @property {string | null} by null where the account is deleted
 * @property {number} at ms since 1970
 */

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Read a version as the site tells it; throw SiteError for anything else.
 * @param {Fields} told
 * @returns {Former}
 */
export function formerOf({ version, title, x, y, image, by, at }) {
  const [column, row] = [wholeOf(x), wholeOf(y)];
  const placed = column !== null && row !== null && Number.isInteger(version);
  if (!placed || typeof title !== "string" || typeof at !== "number") throw new SiteError("lost");
  if (typeof image !== "string" || !SHA256.test(image)) throw new SiteError("lost");
  const name = typeof by === "string" ? by : null;
  return { version: Number(version), title, x: column, y: row, image, by: name, at };
}

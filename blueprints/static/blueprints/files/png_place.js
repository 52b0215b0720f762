/** The place of a blueprint in the texts of a PNG, by this site and by a manager of templates. */

import { fieldsOf, titleOf, wholeOf } from "./fields.js";

/** @typedef {{title: string, x: number, y: number}} Placed */

/**
 * Read the place.
 * @param {Map<string, string>} texts by keyword
 * @returns {Placed | null} null where none is said
 */
export function placeInPng(texts) {
  return readOurs(texts.get("pixelsite")) ?? readWplace(texts.get("wplace"));
}

/**
 * Write the place.
 * @param {Placed} placed
 * @returns {Map<string, string>} texts by keyword
 */
export function textsOf({ title, x, y }) {
  return new Map([
    ["pixelsite", ascii(JSON.stringify({ title, x, y }))],
    ["wplace", ascii(JSON.stringify({ name: title, coords: [x, y] }))],
  ]);
}

/** @param {string | undefined} text */
function readOurs(text) {
  const fields = parsed(text);
  return fields && placed(fields.title, fields.x, fields.y);
}

/** @param {string | undefined} text */
function readWplace(text) {
  const fields = parsed(text);
  const { name, coords } = fields ?? {};
  return Array.isArray(coords) ? placed(name, coords[0], coords[1]) : null;
}

/**
 * @param {unknown} title
 * @param {unknown} x
 * @param {unknown} y
 * @returns {Placed | null}
 */
function placed(title, x, y) {
  const [column, row] = [wholeOf(x), wholeOf(y)];
  return column === null || row === null ? null : { title: titleOf(title), x: column, y: row };
}

/** @param {string | undefined} text */
function parsed(text) {
  try {
    return fieldsOf(JSON.parse(text ?? ""));
  } catch {
    return null;
  }
}

/** @param {string} json written without letters that a PNG's text cannot hold */
function ascii(json) {
  return json.replace(/[^\x20-\x7e]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

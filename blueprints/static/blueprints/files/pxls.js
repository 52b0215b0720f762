/** Links to a template in the manner of Pxls: `template`, `ox`, `oy`, `tw`, `title`. */

import { sourceOf, titleOf, wholeOf } from "./fields.js";

/** @import { Item } from "./importing.js" */

const LONGEST_LINK = 4_096;

/**
 * Read a link; the values stand in its fragment or its query.
 * @param {string} text
 * @returns {Item | null} null where it is none
 */
export function readPxls(text) {
  if (text.length > LONGEST_LINK || !/[#?&]template=/.test(text)) return null;
  const values = new Map();
  for (const part of text.split(/[#?]/).slice(1)) {
    for (const [name, value] of new URLSearchParams(part)) values.set(name, value);
  }
  const width = wholeOf(values.get("tw"));
  return {
    title: titleOf(values.get("title")),
    x: wholeOf(values.get("ox") ?? "0"),
    y: wholeOf(values.get("oy") ?? "0"),
    width: width !== null && width > 0 ? width : null,
    parts: [],
    source: sourceOf(values.get("template")),
  };
}

/**
 * Write a link.
 * @param {string} page the address of the page, without query and fragment
 * @param {{title: string, x: number, y: number, width: number, source: string}} blueprint
 * @returns {string}
 */
export function writePxls(page, { title, x, y, width, source }) {
  const values = { template: source, ox: x, oy: y, tw: width, title };
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)]);
  return `${page}#${new URLSearchParams(texts)}`;
}

/**
 * Importing: what a file or a pasted text says of blueprints, in any of the field's formats. No
 * address in it is ever fetched; where a picture is named by one, the person is asked for it.
 */

import { blueMarble } from "./blue_marble.js";
import { fieldsOf, titleOf } from "./fields.js";
import { endu, overlayPro, wplace } from "./json_formats.js";
import { readPng } from "./png_chunks.js";
import { placeInPng } from "./png_place.js";
import { readPxls } from "./pxls.js";
import { Refusal } from "./refusal.js";
import { MOST_BYTES, sniff } from "./sniffing.js";

/**
 * @import { Part } from "../convert/decoding.js"
 * @import { Fields } from "./fields.js"
 *
 * @typedef {object} Item a blueprint as a file has it
 * @property {string} title empty where it has none
 * @property {number | null} x null: the person places it
 * @property {number | null} y
 * @property {number | null} width in cells, where the file says it
 * @property {Part[]} parts its picture; empty: the person is asked for it
 * @property {string} source the address of the picture, as text
 *
 * @typedef {{format: string, items: Item[]}} Imported
 */

const MOST_ITEMS = 100;
const FORMATS = [blueMarble, wplace, overlayPro, endu];

/**
 * Read a file; throw a Refusal for what is no blueprint.
 * @param {Uint8Array} bytes
 * @param {string} [name] of the file
 * @returns {Imported}
 */
export function readFile(bytes, name = "") {
  if (bytes.length > MOST_BYTES) throw new Refusal("file_large", { most: MOST_BYTES >> 20 });
  if (!bytes.length) throw new Refusal("file_empty");
  if (!looksLikeText(bytes)) return ofPicture(bytes, name);
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, "");
  if (/^\s*[[{]/.test(text)) return readJson(text);
  return readText(text, bytes);
}

/**
 * Read a text that was pasted; throw a Refusal for what is no blueprint.
 * @param {string} text
 * @param {Uint8Array} [bytes] of the file that it comes from
 * @returns {Imported}
 */
export function readText(text, bytes) {
  if (/^\s*[[{]/.test(text)) return readJson(text);
  const linked = readPxls(text.trim());
  if (linked) return { format: "pxls", items: [linked] };
  if (bytes) sniff(bytes); // it tells what is wrong with it
  throw new Refusal("text_unknown");
}

/**
 * @param {string} text
 * @returns {Imported}
 */
function readJson(text) {
  if (text.length > MOST_BYTES) throw new Refusal("file_large", { most: MOST_BYTES >> 20 });
  /** @type {Fields | null} */
  let fields;
  try {
    fields = fieldsOf(JSON.parse(text));
  } catch {
    throw new Refusal("json_broken");
  }
  for (const read of FORMATS) {
    const imported = fields && read(fields);
    if (!imported) continue;
    if (!imported.items.length) throw new Refusal("json_empty");
    return { ...imported, items: imported.items.slice(0, MOST_ITEMS) };
  }
  throw new Refusal("json_unknown");
}

/**
 * @param {Uint8Array} bytes
 * @param {string} name
 * @returns {Imported}
 */
function ofPicture(bytes, name) {
  const { kind } = sniff(bytes);
  const parts = [{ bytes, x: 0, y: 0, shredded: false }];
  const placed = kind === "png" ? placeInPng(readPng(bytes).texts) : null;
  const title = placed?.title || titleOf(name.replace(/\.\w{1,5}$/, ""));
  const { x = null, y = null } = placed ?? {};
  const item = { title, x, y, width: null, parts, source: "" };
  return { format: placed ? "png" : "image", items: [item] };
}

/**
 * Tell whether bytes are text rather than a picture.
 * @param {Uint8Array} bytes
 */
function looksLikeText(bytes) {
  const start = bytes.subarray(0, 64);
  return start.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13)) && start[0] !== 0xff;
}

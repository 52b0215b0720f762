/** The chunks of a PNG: what its head says, and the texts in it. */

import { Refusal } from "./refusal.js";

/**
 * @typedef {object} PngHead
 * @property {number} width
 * @property {number} height
 * @property {number} depth bits a channel
 * @property {number} frames
 * @property {Map<string, string>} texts by keyword
 */

const SIGNATURE_BYTES = 8;
const FRAME_BYTES = 12; // length, kind, and check of a chunk
const LONGEST_TEXT = 4_096; // bytes: longer ones are left out

/**
 * Read the chunks; throw a Refusal where they break off.
 * @param {Uint8Array} bytes
 * @returns {PngHead}
 */
export function readPng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @type {PngHead} */
  const head = { width: 0, height: 0, depth: 0, frames: 1, texts: new Map() };
  for (let at = SIGNATURE_BYTES; at + FRAME_BYTES <= bytes.length; ) {
    const length = view.getUint32(at);
    const kind = latin(bytes.subarray(at + 4, at + 8));
    const start = at + 8;
    if ((kind === "IHDR") !== (at === SIGNATURE_BYTES)) throw new Refusal("picture_broken");
    if (start + length + 4 > bytes.length) break;
    if (kind === "IHDR") {
      if (length !== 13) throw new Refusal("picture_broken");
      head.width = view.getUint32(start);
      head.height = view.getUint32(start + 4);
      head.depth = bytes[start + 8];
    }
    if (kind === "acTL" && length === 8) head.frames = Math.max(1, view.getUint32(start));
    if (kind === "tEXt" && length <= LONGEST_TEXT) {
      noteText(head.texts, bytes.subarray(start, start + length));
    }
    if (kind === "IEND") return head;
    at = start + length + 4;
  }
  throw new Refusal("picture_cut");
}

/**
 * @param {Map<string, string>} texts
 * @param {Uint8Array} bytes keyword, zero, text
 */
function noteText(texts, bytes) {
  const end = bytes.indexOf(0);
  if (end > 0 && end < 80) texts.set(latin(bytes.subarray(0, end)), latin(bytes.subarray(end + 1)));
}

/** @param {Uint8Array} bytes */
function latin(bytes) {
  return String.fromCharCode(...bytes);
}

/**
 * The head of a picture, read from its bytes before anything is decoded: its kind, its
 * size, its frames. Pictures that are too large, broken off, or of no use are refused here.
 */

import { readPng } from "./png_chunks.js";
import { Refusal } from "./refusal.js";

/**
 * @typedef {object} Sniffed
 * @property {"png" | "gif" | "jpeg" | "webp"} kind
 * @property {number} width in pixels
 * @property {number} height in pixels
 * @property {number} frames
 */

/** Of a file. */
export const MOST_BYTES = 32 * 1024 * 1024;
/** Pixels along a side. */
export const MOST_PIXELS = 4_096;
const MOST_FRAMES = 1_000;

/**
 * Read what a picture says of itself; throw a Refusal.
 * @param {Uint8Array} bytes
 * @returns {Sniffed}
 */
export function sniff(bytes) {
  if (bytes.length > MOST_BYTES) throw new Refusal("file_large", { most: MOST_BYTES >> 20 });
  const sniffed = read(bytes);
  const { width, height, frames } = sniffed;
  if (!width || !height) throw new Refusal("picture_broken");
  if (width > MOST_PIXELS || height > MOST_PIXELS) {
    throw new Refusal("picture_large", { width, height, most: MOST_PIXELS });
  }
  if (frames > MOST_FRAMES) throw new Refusal("picture_frames", { frames, most: MOST_FRAMES });
  return sniffed;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Sniffed}
 */
function read(bytes) {
  const start = textOf(bytes.subarray(0, 16));
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return ofPng(bytes);
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return ofGif(bytes);
  if (start.startsWith("\xff\xd8\xff")) return ofJpeg(bytes);
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return ofWebp(bytes);
  if (/<svg[\s>/]/i.test(textOf(bytes.subarray(0, 4_096)))) throw new Refusal("picture_svg");
  throw new Refusal("picture_unknown");
}

/** @param {Uint8Array} bytes one character each */
export function textOf(bytes) {
  return String.fromCharCode(...bytes);
}

/**
 * @param {Uint8Array} bytes
 * @returns {Sniffed}
 */
function ofPng(bytes) {
  const { width, height, depth, frames } = readPng(bytes);
  if (depth > 8) throw new Refusal("picture_deep", { depth });
  return { kind: "png", width, height, frames };
}

/**
 * Read a GIF. Browsers give it the size of its screen, or of the first frame where that is larger.
 * @param {Uint8Array} bytes
 * @returns {Sniffed}
 */
function ofGif(bytes) {
  const view = viewOf(bytes);
  if (bytes.length < 13) throw new Refusal("picture_cut");
  let [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  let at = 13 + tableBytes(bytes[10]);
  let frames = 0;
  for (;;) {
    const block = bytes[at];
    if (block === 0x3b && frames) return { kind: "gif", width, height, frames };
    if (block === 0x21) at = afterBlocks(bytes, at + 2);
    else if (block === 0x2c) {
      if (at + 10 > bytes.length) throw new Refusal("picture_cut");
      if (!frames) {
        width = Math.max(width, view.getUint16(at + 1, true) + view.getUint16(at + 5, true));
        height = Math.max(height, view.getUint16(at + 3, true) + view.getUint16(at + 7, true));
      }
      frames += 1;
      at = afterBlocks(bytes, at + 11 + tableBytes(bytes[at + 9]));
    } else throw new Refusal(at >= bytes.length ? "picture_cut" : "picture_broken");
  }
}

/** @param {number} flags of a table of colours */
function tableBytes(flags) {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/**
 * Return where the sub-blocks of a GIF end.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function afterBlocks(bytes, at) {
  let end = at;
  while (bytes[end]) end += bytes[end] + 1;
  if (end >= bytes.length) throw new Refusal("picture_cut");
  return end + 1;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Sniffed}
 */
function ofJpeg(bytes) {
  const view = viewOf(bytes);
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) throw new Refusal("picture_broken");
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (bytes[at + 4] !== 8) throw new Refusal("picture_deep", { depth: bytes[at + 4] });
      if (bytes[at + 9] === 4) throw new Refusal("picture_cmyk");
      if (!endsAsJpeg(bytes)) throw new Refusal("picture_cut");
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { kind: "jpeg", width, height, frames: 1 };
    }
    // Fill bytes may stand before a marker.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  throw new Refusal("picture_cut");
}

/** @param {Uint8Array} bytes */
function endsAsJpeg(bytes) {
  for (let at = bytes.length - 2; at >= 2; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
    if (bytes[at] === 0xff && bytes[at + 1] === 0xda) return false;
  }
  return false;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Sniffed}
 */
function ofWebp(bytes) {
  const view = viewOf(bytes);
  if (bytes.length < 30 || view.getUint32(4, true) + 8 > bytes.length) {
    throw new Refusal("picture_cut");
  }
  const first = textOf(bytes.subarray(12, 16));
  if (first === "VP8X") {
    return {
      kind: "webp",
      width: 1 + u24(bytes, 24),
      height: 1 + u24(bytes, 27),
      frames: framesOf(bytes),
    };
  }
  if (first === "VP8 ") {
    const [width, height] = [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
    return { kind: "webp", width, height, frames: 1 };
  }
  if (first !== "VP8L") throw new Refusal("picture_broken");
  const bits = view.getUint32(21, true);
  return {
    kind: "webp",
    width: 1 + (bits & 0x3fff),
    height: 1 + ((bits >> 14) & 0x3fff),
    frames: 1,
  };
}

/**
 * Count the frames of a WebP.
 * @param {Uint8Array} bytes
 */
function framesOf(bytes) {
  const view = viewOf(bytes);
  let frames = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    if (textOf(bytes.subarray(at, at + 4)) === "ANMF") frames += 1;
    const size = view.getUint32(at + 4, true);
    at += 8 + size + (size % 2);
  }
  return Math.max(1, frames);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function u24(bytes, at) {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}

/** @param {Uint8Array} bytes */
function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

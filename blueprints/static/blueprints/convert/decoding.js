/** Decoding of pictures by the browser, after what they say of themselves was checked. */

import { Refusal } from "../files/refusal.js";
import { MOST_PIXELS, sniff } from "../files/sniffing.js";
import { unshred } from "./resizing.js";

/**
 * @import { Pixels } from "./matching.js"
 *
 * A picture, or one of several that lie side by side.
 * @typedef {{bytes: Uint8Array, x: number, y: number, shredded: boolean}} Part its place in cells;
 *   `shredded`: of each square of three only the middle pixel counts
 */

/**
 * Decode pictures into one; throw a Refusal.
 * @param {Part[]} parts
 * @returns {Promise<{pixels: Pixels, frames: number}>}
 */
export async function decodeParts(parts) {
  const decoded = [];
  let frames = 1;
  for (const part of parts) {
    const sniffed = sniff(part.bytes);
    frames = Math.max(frames, sniffed.frames);
    const pixels = await decode(part.bytes, sniffed);
    decoded.push({ ...part, pixels: part.shredded ? unshred(pixels) : pixels });
  }
  return { pixels: together(decoded), frames };
}

/**
 * @param {Uint8Array} bytes
 * @param {{kind: string, width: number, height: number}} said
 * @returns {Promise<Pixels>}
 */
async function decode(bytes, said) {
  const blob = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], {
    type: `image/${said.kind}`,
  });
  /** @type {ImageBitmap} */
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob, {
      colorSpaceConversion: "none",
      premultiplyAlpha: "none",
    });
  } catch {
    throw new Refusal("picture_broken");
  }
  const { width, height } = bitmap;
  // A camera's picture may lie on its side.
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const honest = long === Math.max(said.width, said.height);
  if (!honest || short !== Math.min(said.width, said.height)) throw new Refusal("picture_broken");
  const context = contextOf(width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  if (!readsBack()) throw new Refusal("picture_noise");
  return context.getImageData(0, 0, width, height);
}

/**
 * @param {number} width
 * @param {number} height
 */
function contextOf(width, height) {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Refusal("picture_broken");
  return context;
}

/**
 * Tell whether a canvas gives back what was drawn: browsers that resist fingerprinting give noise.
 */
function readsBack() {
  const context = contextOf(16, 16);
  const known = new ImageData(16, 16);
  for (let at = 0; at < 256; at++) known.data.set([at, 255 - at, (at * 37) % 256, 255], at * 4);
  context.putImageData(known, 0, 0);
  const { data } = context.getImageData(0, 0, 16, 16);
  return data.every((value, at) => value === known.data[at]);
}

/**
 * Put pictures side by side into one.
 * @param {{x: number, y: number, pixels: Pixels}[]} parts
 * @returns {Pixels}
 */
export function together(parts) {
  if (parts.length === 1) return parts[0].pixels;
  const left = Math.min(...parts.map(({ x }) => x));
  const top = Math.min(...parts.map(({ y }) => y));
  const width = Math.max(...parts.map(({ x, pixels }) => x + pixels.width)) - left;
  const height = Math.max(...parts.map(({ y, pixels }) => y + pixels.height)) - top;
  if (!(width > 0 && height > 0)) throw new Refusal("picture_broken");
  if (width > MOST_PIXELS || height > MOST_PIXELS) {
    throw new Refusal("picture_large", { width, height, most: MOST_PIXELS });
  }
  const data = new Uint8ClampedArray(width * height * 4);
  for (const { x, y, pixels } of parts) {
    for (let row = 0; row < pixels.height; row++) {
      const from = row * pixels.width * 4;
      const to = ((y - top + row) * width + x - left) * 4;
      data.set(pixels.data.subarray(from, from + pixels.width * 4), to);
    }
  }
  return { width, height, data };
}

/** Writing an image as PNG: its colours as a palette, clear where a cell is to be left alone. */

import { NONE } from "../model/image.js";

/** @import { Image } from "../model/image.js" */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, value) => {
  let rest = value;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest >>> 0;
});

/**
 * Write an image, one pixel a cell.
 * @param {Image} image
 * @param {Map<string, string>} texts by keyword, in Latin letters
 * @returns {Promise<Blob>}
 */
export async function writePng(image, texts) {
  const { width, height, colors } = image;
  // Index 0 is clear, the colours follow.
  const places = new Uint8Array(256);
  const palette = [0, 0, 0];
  for (const [at, { index, color }] of colors.entries()) {
    const value = Number.parseInt(color.slice(1), 16);
    places[index] = at + 1;
    palette.push(value >> 16, (value >> 8) & 255, value & 255);
  }
  places[NONE] = 0;
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 3], 8); // 8 bits, by palette
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const chunks = [
    chunk("IHDR", head),
    chunk("PLTE", Uint8Array.from(palette)),
    chunk("tRNS", Uint8Array.of(0)),
    ...[...texts].map(([keyword, text]) => chunk("tEXt", latin(`${keyword}\0${text}`))),
    chunk("IDAT", await deflated(rowsOf(image, places))),
    chunk("IEND", new Uint8Array(0)),
  ];
  return new Blob([signature, ...chunks], { type: "image/png" });
}

/**
 * @param {Image} image
 * @param {Uint8Array} places in the PNG's palette, by index of the image
 */
function rowsOf({ width, height, cells }, places) {
  const rows = new Uint8Array((width + 1) * height); // each row begins with its filter, none
  for (let y = 0, at = 0; y < height; y++) {
    at += 1;
    for (let x = 0; x < width; x++) rows[at++] = places[cells[y * width + x]];
  }
  return rows;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function deflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param {string} kind
 * @param {Uint8Array} data
 */
function chunk(kind, data) {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(latin(kind), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crcOf(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** @param {Uint8Array} bytes */
function crcOf(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** @param {string} text */
function latin(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

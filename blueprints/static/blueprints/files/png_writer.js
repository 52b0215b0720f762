/** Writing an image as PNG: its colours as a palette, clear where a cell is to be left alone. */

import { latin, pngOf } from "../../canvas/lib/png.js";
import { NONE } from "../model/image.js";

/** @import { Image } from "../model/image.js" */

/**
 * Write an image, one pixel a cell.
 * @param {Image} image
 * @param {Map<string, string>} texts by keyword, in Latin letters
 * @returns {Promise<Blob>}
 */
export function writePng(image, texts) {
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
  return pngOf({
    width,
    height,
    kind: 3,
    rows: rowsOf(image, places),
    chunks: [
      ["PLTE", Uint8Array.from(palette)],
      ["tRNS", Uint8Array.of(0)],
      ...[...texts].map(([keyword, text]) => textOf(keyword, text)),
    ],
  });
}

/**
 * @param {string} keyword
 * @param {string} text
 * @returns {[kind: string, data: Uint8Array]}
 */
function textOf(keyword, text) {
  return ["tEXt", latin(`${keyword}\0${text}`)];
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

/** A small picture of cells. */

import { NONE } from "../model/image.js";
import { make } from "./elements.js";

/** Pixels along the longer side: more cells are left out between. */
const MOST = 512;

export class Preview {
  element = make("canvas", { className: "bp-preview", "aria-hidden": "true" });

  /**
   * @param {{width: number, height: number, cells: Uint8Array}} picture
   * @param {string[]} hexes `#RRGGBB`, by palette index
   */
  show({ width, height, cells }, hexes) {
    const context = this.element.getContext("2d");
    if (!context) return;
    const factor = Math.min(1, MOST / Math.max(width, height));
    const wide = Math.max(1, Math.round(width * factor));
    const high = Math.max(1, Math.round(height * factor));
    this.element.width = wide;
    this.element.height = high;
    const image = context.createImageData(wide, high);
    const table = tableOf(hexes);
    const pixels = new Uint32Array(image.data.buffer);
    for (let y = 0, at = 0; y < high; y++) {
      const row = Math.floor((y * height) / high) * width;
      for (let x = 0; x < wide; x++)
        pixels[at++] = table[cells[row + Math.floor((x * width) / wide)]];
    }
    context.putImageData(image, 0, 0);
  }
}

/**
 * Return a pixel for each palette index, in this machine's byte order; `NONE` and unknown ones are
 * clear.
 * @param {string[]} hexes `#RRGGBB`
 * @returns {Uint32Array}
 */
export function tableOf(hexes) {
  const bytes = new Uint8Array(256 * 4);
  for (const [index, hex] of hexes.slice(0, NONE).entries()) {
    const value = Number.parseInt(hex.slice(1), 16);
    bytes.set([value >> 16, (value >> 8) & 255, value & 255, 255], index * 4);
  }
  return new Uint32Array(bytes.buffer);
}

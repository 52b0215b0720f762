/** Pixels: colours as canvases have them. */

/**
 * Return red, green and blue, each from 0 to 255.
 * @param {string} hex `#RRGGBB`
 * @returns {[number, number, number]}
 */
export function channels(hex) {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/**
 * Return 256 opaque pixels in this machine's byte order, by palette index; unknown ones are clear.
 * @param {string[]} palette `#RRGGBB`
 * @returns {Uint32Array}
 */
export function pixelTable(palette) {
  const bytes = new Uint8Array(256 * 4);
  for (const [index, hex] of palette.entries()) bytes.set([...channels(hex), 255], index * 4);
  return new Uint32Array(bytes.buffer);
}

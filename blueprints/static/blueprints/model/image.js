/**
 * The image of a blueprint: palette indices, with the colours that they stood for when it was made.
 * Its bytes are those of `docs/blueprints-api.md`.
 */

/**
 * @typedef {object} Image
 * @property {number} width in cells
 * @property {number} height in cells
 * @property {{index: number, color: string}[]} colors those that are used, `#RRGGBB`, by index
 * @property {Uint8Array} cells row by row: an index of these, or `NONE`
 */

/** A cell that is to be left alone, and a colour that the palette does not have. */
export const NONE = 255;
/** Cells. */
export const MOST_SIDE = 4_096;

const MAGIC = [0x50, 0x58, 0x42, 0x31]; // PXB1
const HEADER_BYTES = 9;
const COLOR_BYTES = 4;
const LITTLE_ENDIAN = true;

export class ImageError extends Error {}

/**
 * Make an image of cells.
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} cells palette indices
 * @param {string[]} palette `#RRGGBB`
 * @returns {Image}
 */
export function imageOf(width, height, cells, palette) {
  const used = usedIn(cells);
  const colors = palette
    .map((color, index) => ({ index, color: color.toUpperCase() }))
    .filter(({ index }) => index < NONE && used[index]);
  return { width, height, colors, cells };
}

/**
 * Return 1 for each index that some cell has.
 * @param {Uint8Array} cells
 */
export function usedIn(cells) {
  const used = new Uint8Array(256);
  // An iterator takes ten times as long for the 16 million cells of the largest one.
  for (let at = 0; at < cells.length; at++) used[cells[at]] = 1;
  return used;
}

/**
 * Return the number of cells that are not left alone.
 * @param {Image} image
 */
export function inked({ cells }) {
  let count = 0;
  for (let at = 0; at < cells.length; at++) if (cells[at] !== NONE) count += 1;
  return count;
}

/**
 * Return the palette index that each index of the image wants today: its colour's; where the
 * palette lacks that, the same index; else `NONE`.
 * @param {Image} image
 * @param {string[]} palette `#RRGGBB`, as it is now
 * @returns {Uint8Array} 256 indices
 */
export function wantsOf({ colors }, palette) {
  const wants = new Uint8Array(256).fill(NONE);
  const now = palette.map((color) => color.toUpperCase());
  for (const { index, color } of colors) {
    const found = now.lastIndexOf(color); // as pods do, where a palette has one twice
    if (found >= 0) wants[index] = found;
    else if (index < palette.length) wants[index] = index;
  }
  return wants;
}

/**
 * Write an image.
 * @param {Image} image
 * @returns {Uint8Array}
 */
export function encodeImage({ width, height, colors, cells }) {
  const bytes = new Uint8Array(HEADER_BYTES + colors.length * COLOR_BYTES + cells.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(4, width, LITTLE_ENDIAN);
  view.setUint16(6, height, LITTLE_ENDIAN);
  view.setUint8(8, colors.length);
  for (const [at, { index, color }] of colors.entries()) {
    const value = Number.parseInt(color.slice(1), 16);
    const entry = [index, value >> 16, (value >> 8) & 255, value & 255];
    bytes.set(entry, HEADER_BYTES + at * COLOR_BYTES);
  }
  bytes.set(cells, HEADER_BYTES + colors.length * COLOR_BYTES);
  return bytes;
}

/**
 * Read an image; throw an ImageError for bytes that are none.
 * @param {Uint8Array} bytes
 * @returns {Image}
 */
export function decodeImage(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || MAGIC.some((each, at) => bytes[at] !== each)) {
    throw new ImageError("no image");
  }
  const width = view.getUint16(4, LITTLE_ENDIAN);
  const height = view.getUint16(6, LITTLE_ENDIAN);
  const count = view.getUint8(8);
  const start = HEADER_BYTES + count * COLOR_BYTES;
  const sized = width > 0 && height > 0 && width <= MOST_SIDE && height <= MOST_SIDE;
  if (!sized || !count || bytes.length !== start + width * height) {
    throw new ImageError(`${width} x ${height} cells do not fit ${bytes.length} bytes`);
  }
  const colors = [];
  for (let at = HEADER_BYTES; at < start; at += COLOR_BYTES) {
    colors.push({ index: bytes[at], color: hexOf(bytes.subarray(at + 1, at + COLOR_BYTES)) });
  }
  const image = { width, height, colors, cells: bytes.slice(start) };
  checkColors(image);
  return image;
}

/**
 * Check that the colours are in rising order, and that each cell has one of them or none.
 * @param {Image} image
 */
export function checkColors({ colors, cells }) {
  const listed = new Uint8Array(256);
  listed[NONE] = 1;
  let before = -1;
  for (const { index } of colors) {
    if (index <= before || index >= NONE) throw new ImageError("colours out of order");
    listed[index] = 1;
    before = index;
  }
  for (let at = 0; at < cells.length; at++) {
    if (!listed[cells[at]]) throw new ImageError(`unknown colour ${cells[at]}`);
  }
}

/** @param {Uint8Array} rgb */
function hexOf(rgb) {
  return `#${[...rgb].map((each) => each.toString(16).padStart(2, "0")).join("")}`.toUpperCase();
}

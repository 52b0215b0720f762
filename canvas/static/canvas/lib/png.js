/** Writing PNG files without a canvas: what is read back from one may be noise. */

/**
 * A picture of bytes in rows, as its chunks describe them.
 * @typedef {object} Raw
 * @property {number} width in pixels
 * @property {number} height
 * @property {2 | 3} kind of its pixels: red, green and blue, or an index of the palette
 * @property {Uint8Array<ArrayBuffer>} rows each begins with its filter, 0 for none
 * @property {[kind: string, data: Uint8Array][]} [chunks] that stand before the pixels
 */

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, value) => {
  let rest = value;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest >>> 0;
});

/**
 * Write a picture.
 * @param {Raw} raw
 * @returns {Promise<Blob>}
 */
export async function pngOf({ width, height, kind, rows, chunks = [] }) {
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, kind], 8); // 8 bits a value
  const parts = [
    chunk("IHDR", head),
    ...chunks.map(([name, data]) => chunk(name, data)),
    chunk("IDAT", await deflated(rows)),
    chunk("IEND", new Uint8Array(0)),
  ];
  return new Blob([SIGNATURE, ...parts], { type: "image/png" });
}

/**
 * Return the bytes of Latin letters.
 * @param {string} text
 */
export function latin(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
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

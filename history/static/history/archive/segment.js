/** A segment of the past, decoded as `docs/history.md` lays it out. */

export const BY_MODERATION = 1;
export const BY_PROGRAM = 2;

const FORMAT = 1;
const HEADER_BYTES = 96;
const LITTLE_ENDIAN = true;
const MOST = 65_536; // placements

/**
 * Placements that follow each other: the one at index i has the seq `firstSeq + i`.
 * @typedef {object} Segment
 * @property {number} firstSeq
 * @property {number} count
 * @property {string} boardBefore SHA-256 of the board before it
 * @property {Uint16Array} xs
 * @property {Uint16Array} ys
 * @property {Uint8Array} colors palette indices
 * @property {Float64Array} times ms since 1970, which never fall
 * @property {Uint8Array} flags `BY_MODERATION` or `BY_PROGRAM`, else 0
 */

/**
 * Decode a segment; throw RangeError for bytes that are none.
 * @param {Uint8Array} bytes
 * @returns {Segment}
 */
export function decodeSegment(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES) throw new RangeError("a segment has a header");
  const [format, count] = [view.getUint32(0, LITTLE_ENDIAN), view.getUint32(4, LITTLE_ENDIAN)];
  if (format !== FORMAT) throw new RangeError(`format ${format} is not known`);
  const timesStart = HEADER_BYTES + 5 * count;
  const flagsStart = bytes.length - Math.ceil(count / 4);
  if (count > MOST || flagsStart < timesStart + count) {
    throw new RangeError(`${bytes.length} bytes are not ${count} placements`);
  }
  const firstMs = Number(view.getBigUint64(16, LITTLE_ENDIAN));
  return {
    firstSeq: Number(view.getBigUint64(8, LITTLE_ENDIAN)),
    count,
    boardBefore: hexOf(bytes.subarray(32, 64)),
    xs: wordsAt(view, HEADER_BYTES, count),
    ys: wordsAt(view, HEADER_BYTES + 2 * count, count),
    colors: bytes.slice(HEADER_BYTES + 4 * count, timesStart),
    times: timesIn(bytes.subarray(timesStart, flagsStart), count, firstMs),
    flags: flagsIn(bytes.subarray(flagsStart), count),
  };
}

/**
 * Return the number of placements that were made at or before a moment.
 * @param {Segment} segment
 * @param {number} ms since 1970
 */
export function countUntil({ times }, ms) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Uint8Array} bytes */
export function hexOf(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {DataView} view
 * @param {number} start
 * @param {number} count
 */
function wordsAt(view, start, count) {
  const words = new Uint16Array(count);
  for (let i = 0; i < count; i++) words[i] = view.getUint16(start + 2 * i, LITTLE_ENDIAN);
  return words;
}

/**
 * Add up times, each a varint of the ms since the one before.
 * @param {Uint8Array} bytes
 * @param {number} count
 * @param {number} firstMs
 */
function timesIn(bytes, count, firstMs) {
  const times = new Float64Array(count);
  let at = 0;
  let ms = firstMs;
  for (let i = 0; i < count; i++) {
    let unit = 1;
    let byte;
    do {
      if (at >= bytes.length) throw new RangeError("the last time is cut off");
      byte = bytes[at++];
      ms += (byte & 127) * unit;
      unit *= 128;
    } while (byte > 127);
    times[i] = ms;
  }
  if (at !== bytes.length) throw new RangeError("there are more times than placements");
  return times;
}

/**
 * @param {Uint8Array} packed two bits a placement, the first in the lowest
 * @param {number} count
 */
function flagsIn(packed, count) {
  const flags = new Uint8Array(count);
  for (let i = 0; i < count; i++) flags[i] = (packed[i >> 2] >> (2 * (i & 3))) & 3;
  return flags;
}

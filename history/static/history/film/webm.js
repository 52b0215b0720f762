/** A WebM file of frames that are encoded already, as small as players need it. */

/** @import { Chunk, Video } from "./video.js" */

const LONGEST_CLUSTER_MS = 30_000; // times in a cluster have 16 bits with a sign
const TRACK = 1;

// Ids of elements (RFC 9559).
const EBML = 0x1a45dfa3;
const [VERSION, READ_VERSION, MAX_ID, MAX_SIZE] = [0x4286, 0x42f7, 0x42f2, 0x42f3];
const [DOC_TYPE, DOC_VERSION, DOC_READ_VERSION] = [0x4282, 0x4287, 0x4285];
const [SEGMENT, INFO, TRACKS, CLUSTER] = [0x18538067, 0x1549a966, 0x1654ae6b, 0x1f43b675];
const [SCALE, DURATION, MUXER, WRITER] = [0x2ad7b1, 0x4489, 0x4d80, 0x5741];
const [ENTRY, NUMBER, UID, TYPE, CODEC, PICTURE] = [0xae, 0xd7, 0x73c5, 0x83, 0x86, 0xe0];
const [WIDTH, HEIGHT, TIMESTAMP, BLOCK] = [0xb0, 0xba, 0xe7, 0xa3];

/**
 * Write a video.
 * @param {Video} video
 * @param {string} codec `V_VP8` or `V_VP9`
 * @returns {Blob}
 */
export function webm({ width, height, duration, chunks }, codec) {
  const head = element(EBML, [
    element(VERSION, uint(1)),
    element(READ_VERSION, uint(1)),
    element(MAX_ID, uint(4)),
    element(MAX_SIZE, uint(8)),
    element(DOC_TYPE, text("webm")),
    element(DOC_VERSION, uint(4)),
    element(DOC_READ_VERSION, uint(2)),
  ]);
  const info = element(INFO, [
    element(SCALE, uint(1_000_000)),
    element(DURATION, float(duration)),
    element(MUXER, text("pixelsite")),
    element(WRITER, text("pixelsite")),
  ]);
  const picture = element(PICTURE, [element(WIDTH, uint(width)), element(HEIGHT, uint(height))]);
  const entry = element(ENTRY, [
    element(NUMBER, uint(TRACK)),
    element(UID, uint(TRACK)),
    element(TYPE, uint(1)),
    element(CODEC, text(codec)),
    picture,
  ]);
  const segment = element(SEGMENT, [info, element(TRACKS, [entry]), ...clusters(chunks)]);
  return new Blob(
    [...head, ...segment].map((part) => new Uint8Array(part)),
    {
      type: "video/webm",
    },
  );
}

/**
 * @param {Chunk[]} chunks
 * @returns {Uint8Array[][]}
 */
function clusters(chunks) {
  const found = [];
  for (let first = 0; first < chunks.length; ) {
    const start = chunks[first].ms;
    let end = first + 1;
    const fits = () => !chunks[end].key && chunks[end].ms - start < LONGEST_CLUSTER_MS;
    while (end < chunks.length && fits()) end++;
    const blocks = chunks.slice(first, end).map((chunk) => block(chunk, start));
    found.push(element(CLUSTER, [element(TIMESTAMP, uint(start)), ...blocks]));
    first = end;
  }
  return found;
}

/**
 * @param {Chunk} chunk
 * @param {number} start ms of its cluster
 */
function block({ bytes, ms, key }, start) {
  const relative = Math.round(ms - start);
  const head = Uint8Array.of(0x80 | TRACK, relative >> 8, relative & 255, key ? 0x80 : 0);
  return element(BLOCK, [[head, bytes]]);
}

/**
 * Write an element as parts that follow each other.
 * @param {number} id
 * @param {Uint8Array[][]} parts
 * @returns {Uint8Array[]}
 */
function element(id, parts) {
  const content = parts.flat();
  const size = content.reduce((sum, part) => sum + part.length, 0);
  return [bytesOf(id), lengthOf(size), ...content];
}

/** @param {number} value */
function bytesOf(value) {
  const bytes = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes.length ? bytes : [0]);
}

/**
 * Write a size in eight bytes.
 * @param {number} size
 */
function lengthOf(size) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size));
  bytes[0] |= 1;
  return bytes;
}

/** @param {number} value */
function uint(value) {
  return [[bytesOf(value)]];
}

/** @param {number} value */
function float(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return [[bytes]];
}

/** @param {string} value */
function text(value) {
  return [[new TextEncoder().encode(value)]];
}

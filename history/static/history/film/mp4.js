/** An MP4 file of H.264 frames, as small as players need it: its index comes before its frames. */

/**
 * @import { Chunk, Video } from "./video.js"
 */

const PER_MS = 90; // units of time: 90,000 a second, as is usual for video
const TRACK = 1;
const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]; // neither turned nor scaled
const NO_LANGUAGE = 0x55c4; // "und"
const INCH = 0x480000; // 72 pixels
const DEPTH = 24; // bits of a pixel
const ALL_HERE = [0, 0, 0, 1]; // flags: the frames are in this file
const SHOWN = [0, 0, 0, 3]; // flags: the track is enabled, and in the film
const PLAIN = [0, 0, 0, 0];

/**
 * Write a video (ISO 14496-12, 14496-15).
 * @param {Video} video
 * @returns {Blob}
 */
export function mp4(video) {
  const head = box("ftyp", ascii("isom"), u32(0x200), ascii("isomiso2avc1mp41"));
  // The index has the place of the first frame, which is behind the index.
  const { length } = index(video, 0);
  const start = head.length + length + 8;
  const size = video.chunks.reduce((sum, { bytes }) => sum + bytes.length, 8);
  const frames = video.chunks.map(({ bytes }) => bytes);
  const parts = [head, index(video, start), u32(size), ascii("mdat"), ...frames];
  return new Blob(parts, { type: "video/mp4" });
}

/**
 * @param {Video} video
 * @param {number} start byte of the first frame
 */
function index(video, start) {
  const duration = Math.round(video.duration * PER_MS);
  const { width, height } = video;
  return box(
    "moov",
    box(
      "mvhd",
      PLAIN,
      u32(0, 0, 1000 * PER_MS, duration, 0x10000), // at its own speed
      u16(0x100, 0, 0, 0, 0, 0), // full volume
      u32(...MATRIX, 0, 0, 0, 0, 0, 0, TRACK + 1),
    ),
    box(
      "trak",
      box(
        "tkhd",
        SHOWN,
        u32(0, 0, TRACK, 0, duration, 0, 0, 0, 0, ...MATRIX, width << 16, height << 16),
      ),
      box(
        "mdia",
        box("mdhd", PLAIN, u32(0, 0, 1000 * PER_MS, duration), u16(NO_LANGUAGE, 0)),
        box("hdlr", PLAIN, u32(0), ascii("vide"), u32(0, 0, 0), [0]),
        box(
          "minf",
          box("vmhd", ALL_HERE, u32(0, 0)),
          box("dinf", box("dref", PLAIN, u32(1), box("url ", ALL_HERE))),
          samples(video, duration, start),
        ),
      ),
    ),
  );
}

/**
 * Tell of each frame its time, size and place.
 * @param {Video} video
 * @param {number} duration in units
 * @param {number} start byte of the first frame
 */
function samples({ width, height, description, chunks }, duration, start) {
  const keys = chunks.flatMap(({ key }, i) => (key ? [i + 1] : []));
  const lasting = durations(chunks, duration);
  const picture = box(
    "avc1",
    u16(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, width, height),
    u32(INCH, INCH, 0),
    u16(1),
    new Uint8Array(32), // the encoder's name
    u16(DEPTH, 0xffff),
    box("avcC", description),
  );
  return box(
    "stbl",
    box("stsd", PLAIN, u32(1), picture),
    box("stts", PLAIN, u32(lasting.length, ...lasting.flat())),
    box("stss", PLAIN, u32(keys.length, ...keys)),
    box("stsc", PLAIN, u32(1, 1, chunks.length, 1)),
    box("stsz", PLAIN, u32(0, chunks.length, ...chunks.map(({ bytes }) => bytes.length))),
    box("stco", PLAIN, u32(1, start)),
  );
}

/**
 * Return how long frames last: pairs of a number of frames and their units of time.
 * @param {Chunk[]} chunks
 * @param {number} duration of all, in units
 */
function durations(chunks, duration) {
  const times = [...chunks.map(({ ms }) => Math.round(ms * PER_MS)), duration];
  /** @type {[count: number, units: number][]} */
  const runs = [];
  for (let i = 0; i < chunks.length; i++) {
    const units = Math.max(0, times[i + 1] - times[i]);
    const run = runs.at(-1);
    if (run?.[1] === units) run[0]++;
    else runs.push([1, units]);
  }
  return runs;
}

/**
 * @param {string} name
 * @param {...ArrayLike<number>} parts
 */
function box(name, ...parts) {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of [u32(size), ascii(name), ...parts]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** @param {string} text */
function ascii(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** @param {...number} values */
function u16(...values) {
  return Uint8Array.from(values.flatMap((value) => [value >> 8, value]));
}

/** @param {...number} values */
function u32(...values) {
  return Uint8Array.from(values.flatMap((value) => [value >> 24, value >> 16, value >> 8, value]));
}

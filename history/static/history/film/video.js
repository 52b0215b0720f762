/** A video: pictures that this browser's encoder has made small. */

import { HistoryError } from "../archive/history_error.js";

/**
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, ms: number, key: boolean}} Chunk an encoded picture
 *
 * @typedef {object} Video
 * @property {number} width in pixels
 * @property {number} height
 * @property {number} duration in ms
 * @property {Chunk[]} chunks in the order of their times
 * @property {Uint8Array} description what a decoder has to know first; empty where that is nothing
 *
 * Four bytes a pixel.
 * @typedef {{pixels: Uint8Array<ArrayBuffer>, ms: number, index: number}} Picture
 */

const KEY_EVERY = 150; // pictures
const MOST_WAITING = 8; // pictures in the encoder

/**
 * Encode pictures; a HistoryError `encoder` where the encoder fails.
 * @param {VideoEncoderConfig} config
 * @param {AsyncIterable<Picture>} pictures
 * @param {number} duration in ms
 * @returns {Promise<Video>}
 */
export async function encoded(config, pictures, duration) {
  const { width, height, codec } = config;
  /** @type {Video} */
  const video = { width, height, duration, chunks: [], description: new Uint8Array() };
  const encoder = new VideoEncoder({
    output: (chunk, about) => take(video, chunk, about),
    error: () => {}, // it is closed then
  });
  encoder.configure(config);
  try {
    for await (const { pixels, ms, index } of pictures) {
      await room(encoder);
      if (encoder.state === "closed") break;
      const timestamp = Math.round(ms * 1000);
      const init = { codedWidth: width, codedHeight: height, timestamp };
      const frame = new VideoFrame(pixels, { format: "RGBX", ...init });
      encoder.encode(frame, { keyFrame: index % KEY_EVERY === 0 });
      frame.close();
    }
    await encoder.flush().catch(() => {});
    if (encoder.state === "closed") throw new HistoryError("encoder", codec);
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
  return video;
}

/**
 * Wait until the encoder can take a picture.
 * @param {VideoEncoder} encoder
 */
async function room(encoder) {
  while (encoder.encodeQueueSize > MOST_WAITING) await new Promise((done) => setTimeout(done));
}

/**
 * @param {Video} video
 * @param {EncodedVideoChunk} chunk
 * @param {EncodedVideoChunkMetadata} [about]
 */
function take(video, chunk, about) {
  const bytes = new Uint8Array(chunk.byteLength);
  chunk.copyTo(bytes);
  video.chunks.push({ bytes, ms: chunk.timestamp / 1000, key: chunk.type === "key" });
  const { description } = about?.decoderConfig ?? {};
  if (description) video.description = bytesOf(description);
}

/** @param {AllowSharedBufferSource} source */
function bytesOf(source) {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source).slice();
}

/** Frames of the `pixels.v1` subprotocol, in and out. Pure. */

export const SUBPROTOCOL = "pixels.v1";
const PIXELS = 1;
const HEADER_BYTES = 12;
const PIXEL_BYTES = 5;
const LITTLE_ENDIAN = true;

/**
 * Pixels whose seqs follow one another, from `firstSeq` to `lastSeq`.
 * @typedef {{firstSeq: number, lastSeq: number, count: number, view: DataView}} PixelFrame
 */

export class ProtocolError extends Error {}

/**
 * @param {ArrayBuffer} buffer
 * @returns {PixelFrame | null} null for a kind of frame that a newer server may send
 */
export function decodeFrame(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < HEADER_BYTES) throw new ProtocolError("frame shorter than its header");
  if (view.getUint8(0) !== PIXELS) return null;
  const count = view.getUint16(2, LITTLE_ENDIAN);
  if (view.byteLength !== HEADER_BYTES + count * PIXEL_BYTES) {
    throw new ProtocolError(`${count} pixels do not fit ${view.byteLength} bytes`);
  }
  const firstSeq = Number(view.getBigUint64(4, LITTLE_ENDIAN));
  return { firstSeq, lastSeq: firstSeq + count - 1, count, view };
}

/**
 * Calls `visit(x, y, index)` for each pixel of a frame but the first `skip`.
 * @param {PixelFrame} frame
 * @param {number} skip
 * @param {(x: number, y: number, index: number) => void} visit
 */
export function eachPixel(frame, skip, visit) {
  const { view } = frame;
  for (let at = HEADER_BYTES + skip * PIXEL_BYTES; at < view.byteLength; at += PIXEL_BYTES) {
    visit(
      view.getUint16(at, LITTLE_ENDIAN),
      view.getUint16(at + 2, LITTLE_ENDIAN),
      view.getUint8(at + 4),
    );
  }
}

/**
 * @param {string} text
 * @returns {{type: string} & Record<string, any> | null} null when it is no event
 */
export function parseEvent(text) {
  let event;
  try {
    event = JSON.parse(text);
  } catch {
    return null;
  }
  return event !== null && typeof event === "object" && typeof event.type === "string" ? event : null;
}

/**
 * @param {{id: string, x: number, y: number, color: string}} placement
 * @param {string} [username] only a guest that chose a nickname has one
 * @returns {string}
 */
export function placeMessage({ id, x, y, color }, username) {
  const message = { type: "pixel_update", id, x, y, color };
  return JSON.stringify(username ? { ...message, username } : message);
}

/** @returns {string} a message whose answer, whatever it is, proves the connection alive */
export function pingMessage() {
  return JSON.stringify({ type: "ping" });
}

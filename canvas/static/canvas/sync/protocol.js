/** Messages between the page and the server: the events of `pixels.v1` and of the HTTP API. */

export const SUBPROTOCOL = "pixels.v1";
const PIXELS = 1;
const HEADER_BYTES = 12;
const PIXEL_BYTES = 5;
const LITTLE_ENDIAN = true;

/**
 * The rules of a canvas.
 * @typedef {object} CanvasRules
 * @property {number} seq of the last pixel
 * @property {number | string} epoch
 * @property {number} width in cells
 * @property {number} height in cells
 * @property {string[]} palette `#RRGGBB`, by palette index
 * @property {string[]} [retired] colours of the palette that are not on offer
 * @property {number} cooldown_ms
 * @property {number} [guest_cooldown_ms]
 * @property {number} [charges] pixels that a person can save up
 * @property {boolean} frozen
 * @property {boolean} [auto_color] whether the page may take the colour that a template wants
 *
 * @typedef {object} Greeting
 * @property {"hello"} type
 * @property {string} username
 * @property {boolean} [guest]
 * @property {boolean} [degraded]
 * @property {boolean} [damaged]
 * @property {boolean} [slow] said by the page itself, where it asks over HTTP
 * @property {number} [retry_after_ms] left of the cooldown
 * @property {number} [charges_left]
 *
 * @typedef {Greeting & CanvasRules} HelloEvent
 * @typedef {{type: "canvas_changed"} & CanvasRules} CanvasChangedEvent
 * @typedef {{type: "status", degraded: boolean, damaged?: boolean}} StatusEvent
 * @typedef {{type: "pong", seq: number}} PongEvent
 * @typedef {{type: "resync", seq: number}} ResyncEvent
 * @typedef {{type: "stats", activeUsers: number}} StatsEvent
 * @typedef {{type: "user_list", users: string[], total?: number, offset?: number}}
 *   UserListEvent
 *
 * @typedef {object} AckEvent
 * @property {"ack"} type
 * @property {string} id
 * @property {number} seq
 * @property {number} [cooldown_ms] until the next pixel
 * @property {number} [charges_left]
 *
 * @typedef {object} Problem
 * @property {string | null} [code]
 * @property {string} [detail] in English
 *
 * @typedef {{type: "error", id?: string, retry_after_ms?: number} & Problem} ErrorEvent
 *
 * @typedef {HelloEvent | CanvasChangedEvent | StatusEvent | PongEvent | ResyncEvent | StatsEvent
 *   | UserListEvent | AckEvent | ErrorEvent} ServerEvent
 */

/**
 * A placement by the HTTP API; of a cell that nobody has drawn on only the colour is known.
 * @typedef {object} Placement
 * @property {number | null} seq
 * @property {string} color `#RRGGBB`
 * @property {string | null} username
 * @property {number | null} timestamp ms since 1970
 *
 * @typedef {Placement & {history?: Placement[], now: number}} PixelDetails the newest first; `now`
 *   is the time by the server's clock
 *
 * @typedef {object} Changes
 * @property {number} seq of the last placement here: the next `since`
 * @property {boolean} more
 * @property {{seq: number, x: number, y: number, color: string}[]} placements
 *
 * @typedef {object} PlaceCommand
 * @property {string} id
 * @property {number} x
 * @property {number} y
 * @property {string} color `#RRGGBB`
 * @property {string} [username]
 *
 * @typedef {object} Placed
 * @property {number} seq
 * @property {number} cooldown_ms until the next pixel
 * @property {number} charges_left
 *
 * A part of the board, `scale` pixels a cell.
 * @typedef {{x: number, y: number, width: number, height: number, scale: number}} Region
 *
 * @typedef {object} Complaint
 * @property {number} x
 * @property {number} y
 * @property {string} reason
 * @property {string} text
 *
 * @typedef {object} Snapshot
 * @property {number} seq of the last pixel that it contains
 * @property {number | string | null} epoch
 * @property {number} width in cells
 * @property {number} height in cells
 * @property {Uint8Array} bytes one palette index a cell, row by row
 */

/**
 * Pixels whose seqs follow one another, from `firstSeq` to `lastSeq`.
 * @typedef {{firstSeq: number, lastSeq: number, count: number, data: DataView}} PixelFrame
 */

export class ProtocolError extends Error {}

/**
 * Read the header of a binary frame.
 * @param {ArrayBuffer} buffer
 * @returns {PixelFrame | null} null for a kind of frame that a newer server may send
 */
export function decodeFrame(buffer) {
  const data = new DataView(buffer);
  if (data.byteLength < HEADER_BYTES) throw new ProtocolError("frame shorter than its header");
  if (data.getUint8(0) !== PIXELS) return null;
  const count = data.getUint16(2, LITTLE_ENDIAN);
  if (data.byteLength !== HEADER_BYTES + count * PIXEL_BYTES) {
    throw new ProtocolError(`${count} pixels do not fit ${data.byteLength} bytes`);
  }
  const firstSeq = Number(data.getBigUint64(4, LITTLE_ENDIAN));
  return { firstSeq, lastSeq: firstSeq + count - 1, count, data };
}

/**
 * Write a binary frame.
 * @param {number} firstSeq
 * @param {{x: number, y: number, index: number}[]} pixels
 * @returns {ArrayBuffer}
 */
export function encodeFrame(firstSeq, pixels) {
  const data = new DataView(new ArrayBuffer(HEADER_BYTES + pixels.length * PIXEL_BYTES));
  data.setUint8(0, PIXELS);
  data.setUint16(2, pixels.length, LITTLE_ENDIAN);
  data.setBigUint64(4, BigInt(firstSeq), LITTLE_ENDIAN);
  for (const [at, { x, y, index }] of pixels.entries()) {
    data.setUint16(HEADER_BYTES + at * PIXEL_BYTES, x, LITTLE_ENDIAN);
    data.setUint16(HEADER_BYTES + at * PIXEL_BYTES + 2, y, LITTLE_ENDIAN);
    data.setUint8(HEADER_BYTES + at * PIXEL_BYTES + 4, index);
  }
  return data.buffer;
}

/**
 * Call `visit(x, y, index)` for each pixel of a frame but the first `skip`.
 * @param {PixelFrame} frame
 * @param {number} skip
 * @param {(x: number, y: number, index: number) => void} visit
 */
export function eachPixel({ data }, skip, visit) {
  for (let at = HEADER_BYTES + skip * PIXEL_BYTES; at < data.byteLength; at += PIXEL_BYTES) {
    visit(
      data.getUint16(at, LITTLE_ENDIAN),
      data.getUint16(at + 2, LITTLE_ENDIAN),
      data.getUint8(at + 4),
    );
  }
}

/**
 * Read a text frame. A newer server may send types that are not in `ServerEvent`.
 * @param {string} text
 * @returns {ServerEvent | null} null when it is no event
 */
export function parseEvent(text) {
  try {
    const event = JSON.parse(text);
    return typeof event?.type === "string" ? event : null;
  } catch {
    return null;
  }
}

/**
 * The state of a page that has all pixels, by what its pod says of itself.
 * @param {{degraded?: boolean, damaged?: boolean, slow?: boolean}} status
 * @returns {"live"|"degraded"|"damaged"|"slow"}
 */
export function bestState({ degraded, damaged, slow }) {
  if (damaged) return "damaged";
  if (slow) return "slow";
  return degraded ? "degraded" : "live";
}

/**
 * Write the request for a pixel.
 * @param {{id: string, x: number, y: number, color: string, over?: number}} placement
 * @param {string} [username] only a guest that chose a nickname has one
 * @returns {string}
 */
export function placeMessage({ id, x, y, color, over }, username) {
  // Without a value `over` is left out of the JSON.
  const message = { type: "pixel_update", id, x, y, color, over };
  return JSON.stringify(username ? { ...message, username } : message);
}

/**
 * Write a message whose answer of any kind proves the connection alive.
 * @returns {string}
 */
export function pingMessage() {
  return JSON.stringify({ type: "ping" });
}

/**
 * Write that the page is hidden, or shown again.
 * @param {boolean} paused
 * @returns {string}
 */
export function viewMessage(paused) {
  return JSON.stringify({ type: "view", paused });
}

/**
 * Write the request for names of the people, from a place in the alphabet on.
 * @param {number} offset
 * @returns {string}
 */
export function peopleMessage(offset) {
  return JSON.stringify({ type: "people", offset });
}

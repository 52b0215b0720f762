/**
 * Proof that an answer is the server's. A login page of a hotel, a proxy in a deploy or a filter
 * may answer in its place, and with any status.
 */

/** @import { CanvasRules, Problem, Snapshot } from "../sync/protocol.js" */

const JSON_TYPE = "application/json";
const PICTURE_TYPE = "image/png";
const BYTES_TYPE = "application/octet-stream";

// Trying again would get the same answer.
const FINAL = ["account_gone", "banned", "canvas_unknown", "login_required", "scope_missing"];

/** No usable answer: something else answered, nothing did, or the server refused. */
export class HttpError extends Error {
  /** True when the server said it. */
  ours = false;
  /** True when trying again is useless. */
  stop = false;
  /** The ms after which the same request may succeed. @type {number | undefined} */
  retryAfter;
  /** In English, by the server. @type {string | undefined} */
  detail;

  /** @param {string} code of the server, or a key of `i18n/strings.js` */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * Read the refusal in an answer that is not 2xx.
 * @param {Response} response
 * @returns {Promise<HttpError>}
 */
export async function refusalIn(response) {
  /** @type {Problem & {retry_after_ms?: number} | null} */
  const body = hasType(response, JSON_TYPE) ? await response.json().catch(() => null) : null;
  if (typeof body?.code !== "string") {
    // The server itself has no answer of another kind: a proxy says that it is away.
    return new HttpError(response.status < 500 ? "intercepted" : "unavailable");
  }
  const error = new HttpError(body.code);
  error.ours = true;
  error.stop = FINAL.includes(body.code);
  error.detail = body.detail;
  error.retryAfter = body.retry_after_ms;
  return error;
}

/**
 * Read the JSON of an answer.
 * @template Value
 * @param {Response} response
 * @param {(value: Value) => unknown} proof tells whether it is what was asked for
 * @returns {Promise<Value>}
 */
export async function jsonIn(response, proof) {
  if (!hasType(response, JSON_TYPE)) throw new HttpError("intercepted");
  const value = await response.json().catch(lost);
  if (value === null || typeof value !== "object" || !proof(value)) {
    throw new HttpError("intercepted");
  }
  return value;
}

/**
 * Tell whether these are the rules of a canvas.
 * @param {CanvasRules} rules
 */
export function areRules({ seq, epoch, width, height, palette, cooldown_ms: cooldown }) {
  const colored = Array.isArray(palette) && palette.length > 0 && palette.every(isColor);
  return (
    colored && width > 0 && height > 0 && [seq, cooldown, Number(epoch)].every(Number.isFinite)
  );
}

/**
 * Read a board: its place in the stream is in the headers.
 * @param {Response} response
 * @param {() => void} heard called for each part that comes in
 * @returns {Promise<Snapshot>}
 */
export async function snapshotIn(response, heard) {
  const [seq, epoch, width, height] = ["Seq", "Epoch", "Width", "Height"].map((name) => {
    const value = response.headers.get(`X-Canvas-${name}`) ?? "";
    if (!/^\d{1,20}$/.test(value)) throw new HttpError("intercepted");
    return value;
  });
  if (!hasType(response, BYTES_TYPE)) throw new HttpError("intercepted");
  const size = { width: Number(width), height: Number(height) };
  const bytes = await bytesIn(response, size.width * size.height, heard);
  return { seq: Number(seq), epoch, ...size, bytes };
}

/**
 * Read a picture.
 * @param {Response} response
 * @returns {Promise<Blob>}
 */
export async function pictureIn(response) {
  if (!hasType(response, PICTURE_TYPE)) throw new HttpError("intercepted");
  return response.blob().catch(lost);
}

/**
 * @param {Response} response
 * @param {number} length that it must have
 * @param {() => void} heard
 */
async function bytesIn(response, length, heard) {
  const bytes = new Uint8Array(length);
  let at = 0;
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const next = () => reader.read().catch(lost);
  for (let part = await next(); !part.done; part = await next()) {
    heard();
    if (at + part.value.length > length) throw new HttpError("intercepted");
    bytes.set(part.value, at);
    at += part.value.length;
  }
  // One that was cut short is a connection that was lost.
  if (at < length) lost();
  return bytes;
}

/**
 * Fail as a connection that ended within an answer.
 * @returns {never}
 */
function lost() {
  throw new HttpError("lost");
}

/**
 * @param {Response} response
 * @param {string} type
 */
function hasType({ headers }, type) {
  return (headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase() === type;
}

/** @param {unknown} value */
function isColor(value) {
  return typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
}

/** An answer with its body in memory; it is given up when nothing comes. */

/**
 * @import { Timers } from "../lib/named_timers.js"
 *
 * @typedef {{answer: Response, bytes: Uint8Array<ArrayBuffer>}} Whole an answer whose body was read
 */

// A file may be large and the network slow: what is bounded is the silence, not the whole.
export const QUIET_MS = 20_000;

/**
 * Fetch an answer and its body; reject when nothing comes for QUIET_MS.
 * @param {(signal: AbortSignal) => Promise<Response>} begin fetches; the signal ends it
 * @param {Pick<Timers, "set" | "clear">} timers
 * @returns {Promise<Response>}
 */
export async function wholeAnswer(begin, timers) {
  const { answer, bytes } = await wholeBytes(begin, timers);
  const { status, statusText, headers } = answer;
  return new Response(bytes.length ? bytes : null, { status, statusText, headers });
}

/**
 * Fetch an answer and the bytes of its body, which a Response would copy twice; reject when nothing
 * comes for QUIET_MS.
 * @param {(signal: AbortSignal) => Promise<Response>} begin fetches; the signal ends it
 * @param {Pick<Timers, "set" | "clear">} timers
 * @returns {Promise<Whole>}
 */
export async function wholeBytes(begin, timers) {
  const running = new AbortController();
  const wait = () => timers.set(() => running.abort(), QUIET_MS);
  let timer = wait();
  try {
    const answer = await begin(running.signal);
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    const reader = answer.body?.getReader();
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      parts.push(part.value);
      timers.clear(timer);
      timer = wait();
    }
    return { answer, bytes: joined(parts) };
  } finally {
    timers.clear(timer);
  }
}

/**
 * Return the bytes of all parts. A blob of them would go through another process of the browser.
 * @param {Uint8Array[]} parts
 */
function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Back-off: the ms to wait before a reconnection, and the closes after which there is none. */

/**
 * @import { Key } from "../i18n/strings.js"
 *
 * @typedef {object} Rule
 * @property {Key} reason
 * @property {boolean} [stop] never reconnect
 * @property {boolean} [fresh] the board must be fetched anew first
 * @property {number} [floor] ms that are always waited
 * @property {number} base ms of the first ceiling
 * @property {number} cap ms of the highest ceiling
 */

/** @type {Rule} */
const LOST = { reason: "lost", base: 500, cap: 30_000 };

/** The code of a connection that was lost without a word. */
export const LOST_CODE = 1006;
/** Not a code of WebSockets: this connection ends because a better way is open. */
export const BETTER_WAY = 0;
/** @type {Rule} */
const AT_ONCE = { reason: "lost", base: 0, cap: 0 };

/** @type {Record<number, Rule>} */
const RULES = {
  // All sockets of a pod close at once: spread them over two seconds.
  1001: { reason: "going_away", base: 2_000, cap: 30_000 },
  1012: { reason: "going_away", base: 2_000, cap: 30_000 },
  1013: { reason: "full", floor: 2_000, base: 8_000, cap: 60_000 },
  4400: { reason: "protocol", stop: true, base: 0, cap: 0 },
  4401: { reason: "login_required", stop: true, base: 0, cap: 0 },
  4403: { reason: "banned", stop: true, base: 0, cap: 0 },
  4408: { reason: "too_slow", fresh: true, base: 2_000, cap: 30_000 },
  4429: { reason: "flooding", floor: 5_000, base: 2_000, cap: 60_000 },
};

/**
 * Return the rule for a close code of a WebSocket.
 * @param {number} code
 * @returns {Rule}
 */
export function ruleFor(code) {
  if (code === BETTER_WAY) return AT_ONCE;
  return RULES[code] ?? LOST;
}

/**
 * Tell whether the server gave this close code, not the network.
 * @param {number} code
 */
export function isExplained(code) {
  return Object.hasOwn(RULES, code);
}

/** Exponential back-off with full jitter. */
export class Backoff {
  #random;
  #attempt = 0;

  /** @param {() => number} random from 0 to 1 */
  constructor(random) {
    this.#random = random;
  }

  /** Start over with short waits. */
  reset() {
    this.#attempt = 0;
  }

  /**
   * Return the ms to wait before the next attempt.
   * @param {Rule} [rule]
   */
  next(rule = LOST) {
    const ceiling = Math.min(rule.cap, rule.base * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 16);
    return (rule.floor ?? 0) + this.#random() * ceiling;
  }
}

/**
 * A stand-in for the WebSocket, where the network lets none through: it asks over HTTP every few
 * seconds, and places pixels by single requests. To the connection it looks like a WebSocket.
 */

import { NamedTimers } from "../lib/named_timers.js";
import { LOST_CODE } from "./backoff.js";
import { encodeFrame } from "./protocol.js";

/**
 * @import { Timers } from "../lib/named_timers.js"
 * @import { CanvasRules, Changes, PlaceCommand, Placed, Problem } from "./protocol.js"
 * @import { OpenSocket, Position, SocketHandlers } from "./socket_session.js"
 *
 * @typedef {{username: string, guest: boolean}} Self the person, as the page knows it
 *
 * @typedef {object} Http each rejects with a `Refusal`
 * @property {() => Promise<CanvasRules>} canvas
 * @property {(since: number, epoch: string | null) => Promise<Changes>} changes
 * @property {(command: PlaceCommand) => Promise<Placed>} place
 * @property {Self} self
 *
 * @typedef {Problem & {ours?: boolean, retryAfter?: number}} Refusal `ours`: said by the server,
 *   not by something on the way
 */

const EVERY_MS = 2_000;
// The rules (frozen, cooldown, palette) are asked for with every so many looks at the changes.
const RULES_EVERY = 5;
const MOST_FAILURES = 3;
// From so many pixels on the board itself is less to fetch.
const FAR_BEHIND = 20_000;
// The answers to a position that is not one of this past.
const ELSEWHERE = ["epoch_changed", "since_ahead"];

/**
 * Return a function that opens such a stand-in.
 * @param {Http} http
 * @param {Timers} timers
 * @returns {OpenSocket}
 */
export function pollingOver(http, timers) {
  return (position, handlers) => new Polling(http, new NamedTimers(timers), position, handlers);
}

class Polling {
  #http;
  #timers;
  #handlers;
  #since;
  #epoch;
  /** @type {CanvasRules | null} */
  #rules = null;
  #looks = 0;
  #failures = 0;
  #closed = false;
  #paused = false;
  #looking = false;
  /** True when one more look is wanted after the one that is under way. */
  #again = false;
  /** True when the next look that succeeds answers a ping. */
  #pinged = false;

  /**
   * @param {Http} http
   * @param {NamedTimers} timers
   * @param {Position} position
   * @param {SocketHandlers} handlers
   */
  constructor(http, timers, { since, epoch }, handlers) {
    this.#http = http;
    this.#timers = timers;
    this.#since = since;
    this.#epoch = epoch;
    this.#handlers = handlers;
    this.#look();
  }

  close() {
    this.#closed = true;
    this.#timers.clear("look");
  }

  /**
   * Do what a WebSocket's message asks for.
   * @param {string} text
   */
  send(text) {
    const { type, ...command } = JSON.parse(text);
    if (type === "pixel_update") this.#place(command);
    if (type === "view") this.#pause(command.paused);
    if (type !== "ping") return;
    this.#pinged = true;
    this.#look();
  }

  /** @param {boolean} paused */
  #pause(paused) {
    this.#paused = paused;
    if (paused) this.#timers.clear("look");
    else this.#look();
  }

  async #look() {
    this.#again ||= this.#looking;
    if (this.#looking || this.#closed) return;
    this.#looking = true;
    this.#timers.clear("look");
    let wait = EVERY_MS;
    try {
      await this.#follow();
      this.#failures = 0;
      if (this.#pinged) this.#tell({ type: "pong", seq: this.#since });
      this.#pinged = false;
    } catch (error) {
      wait = Math.max(wait, /** @type {Refusal} */ (error).retryAfter ?? 0);
      this.#failures += 1;
    }
    this.#looking = false;
    this.#next(wait);
  }

  /** @param {number} wait ms until the next look */
  #next(wait) {
    if (this.#closed) return;
    if (this.#failures >= (this.#rules ? MOST_FAILURES : 1))
      return this.#handlers.closed(LOST_CODE);
    const soon = this.#again && !this.#failures;
    this.#again = false;
    if (soon) this.#look();
    else if (!this.#paused) this.#timers.set("look", wait, () => this.#look());
  }

  /** Ask for what is new, and tell of it. */
  async #follow() {
    if (this.#looks++ % RULES_EVERY === 0) await this.#askForRules();
    for (let more = true; more && !this.#closed; ) {
      const changes = await this.#changes();
      more = Boolean(changes?.more);
      if (changes?.placements.length) await this.#tellOf(changes);
    }
  }

  /** @returns {Promise<Changes | null>} null when the position is not one of this past */
  async #changes() {
    try {
      return await this.#http.changes(this.#since, this.#epoch);
    } catch (error) {
      if (!ELSEWHERE.includes(/** @type {Refusal} */ (error).code ?? "")) throw error;
      const epoch = this.#epoch;
      await this.#askForRules();
      if (epoch === this.#epoch) this.#startOver();
      return null;
    }
  }

  /** Ask for the rules; the first time they are the hello. */
  async #askForRules() {
    const rules = await this.#http.canvas();
    const known = this.#rules;
    this.#rules = rules;
    if (!known) this.#tell({ type: "hello", slow: true, ...this.#http.self, ...rules });
    else if (!same(known, rules)) this.#tell({ type: "canvas_changed", ...rules });
    if (String(rules.epoch) !== this.#epoch) this.#since = rules.seq;
    this.#epoch = String(rules.epoch);
    if (rules.seq - this.#since > FAR_BEHIND) this.#startOver();
  }

  /** Have the board fetched anew, and go on from now. */
  #startOver() {
    this.#since = this.#rules?.seq ?? this.#since;
    this.#tell({ type: "resync", seq: this.#since });
  }

  /**
   * Hand on the changes as a frame; with a colour that the rules do not have, ask for newer ones.
   * @param {Changes} changes
   */
  async #tellOf(changes) {
    let pixels = this.#indexed(changes);
    if (!pixels) {
      await this.#askForRules();
      pixels = this.#indexed(changes);
    }
    if (!pixels) return this.#startOver();
    if (!this.#closed) this.#handlers.frame(encodeFrame(changes.placements[0].seq, pixels));
    this.#since = changes.seq;
  }

  /** @param {Changes} changes */
  #indexed({ placements }) {
    const palette = this.#rules?.palette ?? [];
    const pixels = placements.map(({ x, y, color }) => ({ x, y, index: palette.indexOf(color) }));
    return pixels.some(({ index }) => index < 0) ? null : pixels;
  }

  /** @param {PlaceCommand} command */
  async #place(command) {
    const { id } = command;
    try {
      const { seq, cooldown_ms, charges_left } = await this.#http.place(command);
      this.#tell({ type: "ack", id, seq, cooldown_ms, charges_left });
      this.#look();
    } catch (error) {
      // Without an answer of the server it stays open: the session asks again, by the same id.
      const { ours, code, detail, retryAfter } = /** @type {Refusal} */ (error);
      if (ours) this.#tell({ type: "error", id, code, detail, retry_after_ms: retryAfter });
    }
  }

  /** @param {object} event */
  #tell(event) {
    if (!this.#closed) this.#handlers.text(JSON.stringify(event));
  }
}

/**
 * Tell whether two answers have the same rules; the seq is none.
 * @param {CanvasRules} a
 * @param {CanvasRules} b
 */
function same(a, b) {
  return JSON.stringify({ ...a, seq: 0 }) === JSON.stringify({ ...b, seq: 0 });
}

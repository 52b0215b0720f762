/** Keeps the stream coming: fetch the board, connect, resume, back off, give up. */

import { NamedTimers } from "../lib/named_timers.js";
import { Backoff, ruleFor } from "./backoff.js";
import { Emitter } from "../lib/emitter.js";
import { SocketSession } from "./socket_session.js";
import { Stream } from "./stream.js";

// A connection that lasted this long was healthy: the next back-off starts small.
const HEALTHY_MS = 10_000;
// The server answers `since` at once; no progress for this long means it will not.
const STUCK_MS = 4_000;

/**
 * @typedef {object} Ports the outside world
 * @property {() => Promise<import("./stream.js").Snapshot>} fetchSnapshot rejects with an
 *   error with a `code`, and `stop` when trying again is useless
 * @property {(since: number, handlers: object) => {send(text: string): void, close(): void}} open
 */

/**
 * Emits `state`, `board` (loaded anew), `pixels` (applied), `event` (a JSON event).
 * @typedef {"connecting"|"catching_up"|"live"|"degraded"|"reconnecting"|"stopped"} State
 */
export class Connection extends Emitter {
  /** @type {State} */
  state = "connecting";
  /** Why it is not live, a key of strings.js. @type {string | null} */
  reason = null;
  #fetchSnapshot;
  #timers;
  #backoff;
  #socketSession;
  #degraded = false;
  #healthy = true;
  #loadTurn = 0;

  /**
   * @param {{board: object, ports: Ports, timers: import("../lib/named_timers.js").Timers,
   *   random: () => number}} parts
   */
  constructor({ board, ports, timers, random }) {
    super();
    this.stream = new Stream(board);
    this.#fetchSnapshot = ports.fetchSnapshot;
    this.#timers = new NamedTimers(timers);
    this.#backoff = new Backoff(random);
    this.#socketSession = new SocketSession(ports.open, this.#timers, {
      pixels: (frame) => this.#pixels(frame),
      event: (event) => this.#event(event),
      closed: (code) => this.#closed(code),
      broken: () => this.resume(),
    });
  }

  get open() {
    return this.#socketSession.greeted;
  }

  /** @returns {number | null} ms until the next attempt, null while one is under way or none is due */
  get retryIn() {
    return this.#timers.left("connect") ?? this.#timers.left("load");
  }

  /** Fetches the board, then connects; or fetches it anew while events are held back. */
  async load() {
    const turn = ++this.#loadTurn;
    this.#timers.clear("load");
    this.stream.expectSnapshot();
    this.#refresh();
    let snapshot;
    try {
      snapshot = await this.#fetchSnapshot();
    } catch (error) {
      if (turn === this.#loadTurn) this.#loadFailed(error);
      return;
    }
    if (turn === this.#loadTurn) this.#install(snapshot);
  }

  /** @param {string} text @returns {boolean} whether it left */
  send(text) {
    return this.#socketSession.send(text);
  }

  /** Connects anew from the last pixel seen; at once, unless that was just done. */
  resume() {
    if (this.state === "stopped") return;
    this.#socketSession.drop();
    this.#retry(this.#healthy ? 0 : this.#backoff.next());
    this.#healthy = false;
  }

  /** Something changed outside (network, visibility, a click): try or check right now. */
  nudge() {
    if (this.open) this.#socketSession.check();
    this.#timers.fire("load");
    this.#timers.fire("connect");
  }

  /** @param {string} reason */
  stop(reason) {
    this.#socketSession.drop();
    this.#loadTurn += 1;
    for (const name of ["load", "connect", "healthy", "stuck"]) this.#timers.clear(name);
    this.reason = reason;
    this.#become("stopped");
  }

  #install(snapshot) {
    const outcome = this.stream.install(snapshot);
    if (outcome === "other epoch") return this.#loadFailed({ code: "lost" });
    this.emit("board");
    this.emit("pixels");
    if (this.#socketSession.up && outcome === "gap") this.resume();
    else if (!this.#socketSession.up && !this.#timers.has("connect")) this.#connect();
    this.#refresh();
  }

  #loadFailed(error) {
    if (error.stop) return this.stop(error.code);
    this.reason = error.code ?? "lost";
    this.#timers.set("load", this.#backoff.next(), () => this.load());
    this.#refresh();
  }

  #connect() {
    this.#socketSession.connect(this.stream.last);
    this.#refresh();
  }

  #retry(delay, fresh = this.stream.last < 0) {
    this.#timers.clear("healthy");
    this.#timers.set("connect", delay, () => (fresh ? this.load() : this.#connect()));
    this.#refresh();
  }

  #pixels(frame) {
    if (!this.stream.receive(frame)) return this.resume();
    this.emit("pixels");
    this.#refresh();
  }

  #event(event) {
    if (event.type === "hello") this.#hello(event);
    if (event.type === "status") this.#degraded = Boolean(event.degraded);
    if (event.type === "hello" || event.type === "canvas_changed") this.#follow(event);
    if (event.type === "pong" || event.type === "resync") this.stream.heard(event.seq);
    if (event.type === "resync") this.load();
    this.emit("event", event);
    this.#refresh();
  }

  #hello(event) {
    this.#degraded = Boolean(event.degraded);
    this.#timers.set("healthy", HEALTHY_MS, () => {
      this.#healthy = true;
      this.#backoff.reset();
    });
  }

  #follow({ epoch, seq, width, height }) {
    if (!this.stream.adopt(epoch, seq) || !this.stream.fits(width, height)) this.load();
  }

  #closed(code) {
    const rule = ruleFor(code);
    if (rule.stop) return this.stop(rule.reason);
    this.reason = rule.reason;
    this.#retry(this.#backoff.next(rule), rule.fresh);
  }

  #refresh() {
    if (this.state === "stopped") return;
    this.#watch();
    if (!this.open) {
      this.#become(this.reason === null && this.state === "connecting" ? "connecting" : "reconnecting");
    } else if (this.stream.behind) {
      this.#become("catching_up");
    } else {
      this.reason = null;
      this.#become(this.#degraded ? "degraded" : "live");
    }
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.emit("state", state);
  }

  /** While behind with nothing in flight, progress is due. */
  #watch() {
    const { stream } = this;
    if (!this.open || stream.loading || !stream.behind) return this.#timers.clear("stuck");
    if (this.#timers.has("stuck")) return;
    const { last } = stream;
    this.#timers.set("stuck", STUCK_MS, () => (stream.last === last ? this.resume() : this.#refresh()));
  }
}

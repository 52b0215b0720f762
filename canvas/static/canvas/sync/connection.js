/** The connection to the server: fetch the board, connect, resume, back off, give up. */

import { Emitter } from "../lib/emitter.js";
import { NamedTimers } from "../lib/named_timers.js";
import { Backoff, ruleFor } from "./backoff.js";
import { bestState } from "./protocol.js";
import { SocketSession } from "./socket_session.js";
import { Stream } from "./stream.js";

/**
 * @import { Timers } from "../lib/named_timers.js"
 * @import { CanvasRules, PixelFrame, ServerEvent, Snapshot } from "./protocol.js"
 * @import { OpenSocket } from "./socket_session.js"
 * @import { Cells } from "./stream.js"
 *
 * @typedef {object} LoadFailure
 * @property {string} [code]
 * @property {boolean} [stop] true when trying again is useless
 *
 * @typedef {object} Ports the outside world
 * @property {() => Promise<Snapshot>} fetchSnapshot rejects with a `LoadFailure`
 * @property {OpenSocket} open
 *
 * @typedef {"connecting"|"catching_up"|"live"|"degraded"|"damaged"|"reconnecting"|"stopped"
 * } State
 *
 * @typedef {object} ConnectionEvents
 * @property {[state: State]} state
 * @property {[]} board it was loaded anew
 * @property {[]} pixels they were drawn on the board
 * @property {[event: ServerEvent]} event
 */

// A connection that lasted this long was healthy: the next back-off starts small.
const HEALTHY_MS = 10_000;
// The server answers `since` at once; no progress for this long means it will not.
const STUCK_MS = 4_000;

/** @extends {Emitter<ConnectionEvents>} */
export class Connection extends Emitter {
  /** @type {State} */
  state = "connecting";
  /**
   * The reason that it is not live, a key of `i18n/strings.js` or a code of the server.
   * @type {string | null}
   */
  reason = null;
  #fetchSnapshot;
  #timers;
  #backoff;
  #socketSession;
  /** The state while it is connected and not behind: live, or as the pod says. @type {State} */
  best = "live";
  #healthy = true;
  #loadTurn = 0;

  /**
   * @param {object} parts
   * @param {Cells} parts.board
   * @param {Ports} parts.ports
   * @param {Timers} parts.timers
   * @param {() => number} parts.random from 0 to 1
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

  /**
   * Milliseconds until the next attempt; null while one is under way, or none is due.
   * @returns {number | null}
   */
  get retryIn() {
    return this.#timers.left("connect") ?? this.#timers.left("load");
  }

  /** Fetch the board, then connect; while connected, hold events back until it is there. */
  async load() {
    const turn = ++this.#loadTurn;
    this.#timers.clear("load");
    this.stream.expectSnapshot();
    this.#refresh();
    /** @type {Snapshot} */
    let snapshot;
    try {
      snapshot = await this.#fetchSnapshot();
    } catch (error) {
      if (turn === this.#loadTurn) this.#loadFailed(/** @type {LoadFailure} */ (error));
      return;
    }
    if (turn === this.#loadTurn) this.#install(snapshot);
  }

  /**
   * Send a message, if the connection is open.
   * @param {string} text
   * @returns {boolean} whether it was sent
   */
  send(text) {
    return this.#socketSession.send(text);
  }

  /** Connect anew from the last pixel seen; at once, unless that was just done. */
  resume() {
    if (this.state === "stopped") return;
    this.#socketSession.drop();
    this.#retry(this.#healthy ? 0 : this.#backoff.next());
    this.#healthy = false;
  }

  /** Try or check right now: the network, the visibility or a person gave reason to. */
  nudge() {
    if (this.open) this.#socketSession.check();
    this.#timers.fire("load");
    this.#timers.fire("connect");
  }

  /**
   * End it for good.
   * @param {string} reason
   */
  stop(reason) {
    this.#socketSession.drop();
    this.#loadTurn += 1;
    for (const name of ["load", "connect", "healthy", "stuck"]) this.#timers.clear(name);
    this.reason = reason;
    this.#become("stopped");
  }

  /** @param {Snapshot} snapshot */
  #install(snapshot) {
    const outcome = this.stream.install(snapshot);
    if (outcome === "other epoch") return this.#loadFailed({ code: "lost" });
    this.emit("board");
    this.emit("pixels");
    if (this.#socketSession.up && outcome === "gap") this.resume();
    else if (!this.#socketSession.up && !this.#timers.has("connect")) this.#connect();
    this.#refresh();
  }

  /** @param {LoadFailure} failure */
  #loadFailed({ code = "lost", stop }) {
    if (stop) return this.stop(code);
    this.reason = code;
    this.#timers.set("load", this.#backoff.next(), () => this.load());
    this.#refresh();
  }

  #connect() {
    this.#socketSession.connect({ since: this.stream.last, epoch: this.stream.epoch });
    this.#refresh();
  }

  /**
   * @param {number} delay ms
   * @param {boolean} [fresh] whether the board must be fetched anew
   */
  #retry(delay, fresh = this.stream.last < 0) {
    this.#timers.clear("healthy");
    this.#timers.set("connect", delay, () => (fresh ? this.load() : this.#connect()));
    this.#refresh();
  }

  /** @param {PixelFrame} frame */
  #pixels(frame) {
    if (!this.stream.receive(frame)) return this.resume();
    this.emit("pixels");
    this.#refresh();
  }

  /** @param {ServerEvent} event */
  #event(event) {
    if (event.type === "hello") this.#hello();
    if (event.type === "status" || event.type === "hello") this.best = bestState(event);
    if (event.type === "hello" || event.type === "canvas_changed") this.#follow(event);
    if (event.type === "pong") this.stream.heard(event.seq);
    if (event.type === "resync") this.stream.rewind(event.seq);
    if (event.type === "resync") this.load();
    this.emit("event", event);
    this.#refresh();
  }

  #hello() {
    this.#timers.set("healthy", HEALTHY_MS, () => {
      this.#healthy = true;
      this.#backoff.reset();
    });
  }

  /** @param {CanvasRules} rules */
  #follow({ epoch, seq, width, height }) {
    if (!this.stream.adopt(epoch, seq) || !this.stream.fits(width, height)) this.load();
  }

  /** @param {number} code */
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
      const first = this.reason === null && this.state === "connecting";
      this.#become(first ? "connecting" : "reconnecting");
    } else if (this.stream.behind) {
      this.#become("catching_up");
    } else {
      this.reason = null;
      this.#become(this.best);
    }
  }

  /** @param {State} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.emit("state", state);
  }

  /** Expect progress while behind with nothing in flight. */
  #watch() {
    const { stream } = this;
    if (!this.open || stream.loading || !stream.behind) return this.#timers.clear("stuck");
    if (this.#timers.has("stuck")) return;
    const { last } = stream;
    this.#timers.set("stuck", STUCK_MS, () => {
      if (stream.last === last) this.resume();
      else this.#refresh();
    });
  }
}

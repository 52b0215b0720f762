/** The connection to the server: fetch the board, connect, resume, back off, give up. */

import { Emitter } from "../lib/emitter.js";
import { NamedTimers } from "../lib/named_timers.js";
import { Attention } from "./attention.js";
import { Backoff, ruleFor } from "./backoff.js";
import { Loader } from "./loader.js";
import { Progress } from "./progress.js";
import { bestState, viewMessage } from "./protocol.js";
import { SocketSession } from "./socket_session.js";
import { Stream } from "./stream.js";

/**
 * @import { Timers } from "../lib/named_timers.js"
 * @import { FetchSnapshot, LoadFailure } from "./loader.js"
 * @import { CanvasRules, PixelFrame, ServerEvent, Snapshot } from "./protocol.js"
 * @import { OpenSocket } from "./socket_session.js"
 * @import { Cells } from "./stream.js"
 *
 * @typedef {object} Ports the outside world
 * @property {FetchSnapshot} fetchSnapshot
 * @property {OpenSocket} open
 *
 * @typedef {"connecting"|"catching_up"|"live"|"degraded"|"damaged"|"slow"|"reconnecting"|"stopped"
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
// The time that a connection has to answer once the browser says that it is offline.
const DOUBTFUL_MS = 2_000;

/** @extends {Emitter<ConnectionEvents>} */
export class Connection extends Emitter {
  /** @type {State} */
  state = "connecting";
  /**
   * The reason that it is not live, a key of `i18n/strings.js` or a code of the server.
   * @type {string | null}
   */
  reason = null;
  #timers;
  #loader;
  #progress;
  #backoff;
  #socketSession;
  /** The state while it is connected and not behind: live, or as the pod says. @type {State} */
  best = "live";
  #healthy = true;

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
    this.#timers = new NamedTimers(timers);
    this.#loader = new Loader(ports.fetchSnapshot, this.#timers, {
      loaded: (snapshot) => this.#install(snapshot),
      failed: (failure) => this.#loadFailed(failure),
    });
    this.attention = new Attention(this.#timers, {
      tell: (paused) => this.send(viewMessage(paused)) && this.#refresh(),
      shown: () => this.nudge(),
    });
    this.#progress = new Progress(this.stream, this.#timers, {
      stuck: () => this.resume(),
      moved: () => this.#refresh(),
    });
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
  load() {
    this.#timers.clear("load");
    this.stream.expectSnapshot();
    this.#refresh();
    this.#loader.start();
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
    else if (this.#socketSession.stalled) this.#connect();
    if (this.#loader.stalled) this.load();
    this.#timers.fire("load");
    this.#timers.fire("connect");
  }

  /** Find out soon whether the connection is dead: the browser believes so. */
  doubt() {
    if (this.open) this.#socketSession.check(DOUBTFUL_MS);
  }

  /**
   * End it for good.
   * @param {string} reason
   */
  stop(reason) {
    this.#socketSession.drop();
    this.#loader.stop();
    const timers = ["load", "connect", "healthy", "stuck", "hidden"];
    for (const name of timers) this.#timers.clear(name);
    this.reason = reason;
    this.#become("stopped");
  }

  /** @param {Snapshot} snapshot */
  #install(snapshot) {
    if (!this.#socketSession.up) this.stream.forgetEpoch(); // only the board can tell it now
    const outcome = this.stream.install(snapshot);
    if (outcome.startsWith("other")) return this.#loadFailed({ code: "lost" });
    this.emit("board");
    this.emit("pixels");
    if (this.#socketSession.up && outcome === "gap") this.resume();
    else if (!this.#socketSession.up && !this.#timers.has("connect")) this.#connect();
    this.#refresh();
  }

  /** @param {LoadFailure} failure */
  #loadFailed({ code = "lost", stop, retryAfter = 0 }) {
    if (stop) return this.stop(code);
    this.reason = code;
    const wait = Math.max(retryAfter, this.#backoff.next());
    this.#timers.set("load", wait, () => this.load());
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
    if (event.type === "pong" && !this.attention.paused) this.stream.heard(event.seq);
    if (event.type === "resync") this.stream.rewind(event.seq);
    if (event.type === "resync") this.load();
    this.emit("event", event);
    this.#refresh();
  }

  #hello() {
    this.attention.greeted();
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
    this.#progress.watch(this.open && !this.attention.paused);
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
}

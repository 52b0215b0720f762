/** The load of a board: one fetch at a time, which is given up when nothing comes. */

/**
 * @import { NamedTimers } from "../lib/named_timers.js"
 * @import { Snapshot } from "./protocol.js"
 *
 * @typedef {object} LoadFailure
 * @property {string} [code]
 * @property {boolean} [stop] true when trying again is useless
 * @property {number} [retryAfter] ms that the server wants to be left alone
 *
 * @typedef {object} Fetching
 * @property {AbortSignal} signal ends the fetch
 * @property {() => void} heard called for each part that comes in
 *
 * @typedef {(fetching: Fetching) => Promise<Snapshot>} FetchSnapshot rejects with a `LoadFailure`
 *
 * @typedef {object} LoadHandlers
 * @property {(snapshot: Snapshot) => void} loaded
 * @property {(failure: LoadFailure) => void} failed
 */

// A board may be large and the network slow: what is bounded is the silence, not the whole.
const QUIET_MS = 10_000;
// A person that asks again, or a network that is back, need not wait for so long.
const IMPATIENT_MS = 1_500;

export class Loader {
  #fetch;
  #timers;
  #handlers;
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {FetchSnapshot} fetch
   * @param {NamedTimers} timers
   * @param {LoadHandlers} handlers
   */
  constructor(fetch, timers, handlers) {
    this.#fetch = fetch;
    this.#timers = timers;
    this.#handlers = handlers;
  }

  /** True while a fetch has brought nothing for long enough to begin anew. */
  get stalled() {
    const left = this.#timers.left("quiet");
    return left !== null && left <= QUIET_MS - IMPATIENT_MS;
  }

  /** Fetch the board, in place of a fetch that is under way. */
  async start() {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    const heard = () => {
      if (running === this.#running) this.#timers.set("quiet", QUIET_MS, () => this.#fail({}));
    };
    heard();
    /** @type {Snapshot} */
    let snapshot;
    try {
      snapshot = await this.#fetch({ signal: running.signal, heard });
    } catch (error) {
      if (running === this.#running) this.#fail(/** @type {LoadFailure} */ (error));
      return;
    }
    if (running === this.#running) this.#finish(snapshot);
  }

  /** End the fetch that is under way, and hear nothing more of it. */
  stop() {
    this.#timers.clear("quiet");
    const running = this.#running;
    this.#running = null;
    running?.abort();
  }

  /** @param {Snapshot} snapshot */
  #finish(snapshot) {
    this.#timers.clear("quiet");
    this.#running = null;
    this.#handlers.loaded(snapshot);
  }

  /** @param {LoadFailure} failure */
  #fail(failure) {
    this.stop();
    this.#handlers.failed(failure);
  }
}

/** The heartbeat of a connection, which shows its silent death (sleep, a lost network). */

/** @import { NamedTimers } from "../lib/named_timers.js" */

const QUIET_MS = 25_000;
const PATIENCE_MS = 5_000;

export class Heartbeat {
  #timers;
  #probe;
  #dead;
  /** True while any answer, even an error, is only a sign of life. */
  probing = false;

  /**
   * @param {NamedTimers} timers
   * @param {() => void} probe sends something that the server answers
   * @param {() => void} dead called when no answer came
   */
  constructor(timers, probe, dead) {
    this.#timers = timers;
    this.#probe = probe;
    this.#dead = dead;
  }

  /** Note that something came in. */
  beat() {
    this.probing = false;
    this.#timers.set("heartbeat", QUIET_MS, () => this.check());
  }

  /** Milliseconds since something came in. */
  get quietFor() {
    return this.probing ? QUIET_MS : QUIET_MS - (this.#timers.left("heartbeat") ?? QUIET_MS);
  }

  /**
   * Ask for a sign of life now.
   * @param {number} [patience] ms that an answer may take
   */
  check(patience = PATIENCE_MS) {
    const left = this.probing ? this.#timers.left("heartbeat") : null;
    if (left !== null && left <= patience) return;
    this.probing = true;
    this.#timers.set("heartbeat", patience, () => {
      this.probing = false;
      this.#dead();
    });
    this.#probe();
  }

  stop() {
    this.probing = false;
    this.#timers.clear("heartbeat");
  }
}

/** The allowance of a person: the cooldown, the charges, and when either changes. */

import { NamedTimers } from "../lib/named_timers.js";
import { Charges } from "./charges.js";
import { Cooldown } from "./cooldown.js";

/** @import { Timers } from "../lib/named_timers.js" */

export class Allowance {
  #timers;
  #handlers;

  /**
   * @param {Timers} timers
   * @param {{changed: () => void, ready: () => void}} handlers `ready`: the cooldown is over
   */
  constructor(timers, handlers) {
    this.#timers = new NamedTimers(timers);
    this.#handlers = handlers;
    this.cooldown = new Cooldown(timers.now);
    this.charges = new Charges(timers.now);
  }

  /**
   * Wait for the cooldown and the charges that the server told.
   * @param {number} ms
   * @param {number} [left] charges
   */
  set(ms, left = ms > 0 ? 0 : 1) {
    this.cooldown.set(ms);
    this.charges.set(left, ms);
    if (ms > 0) this.#timers.set("ready", ms, this.#handlers.ready);
    else this.#timers.clear("ready");
    this.#awaitCharge();
    this.#handlers.changed();
  }

  #awaitCharge() {
    const wait = this.charges.untilNext;
    if (wait === null) return this.#timers.clear("charge");
    this.#timers.set("charge", wait, () => {
      this.#awaitCharge();
      this.#handlers.changed();
    });
  }
}

/** The attention that the page has: one that is hidden for long wants no pixels. */

/** @import { NamedTimers } from "../lib/named_timers.js" */

// A shorter absence is not worth the catching up.
const HIDDEN_MS = 60_000;

export class Attention {
  /** True while the server is not to send pixels. */
  paused = false;
  #timers;
  #handlers;

  /**
   * @param {NamedTimers} timers
   * @param {{tell: (paused: boolean) => void, shown: () => void}} handlers
   */
  constructor(timers, handlers) {
    this.#timers = timers;
    this.#handlers = handlers;
  }

  /**
   * Take note that the page is hidden, or shown again.
   * @param {boolean} hidden
   */
  hide(hidden) {
    if (hidden) return this.#timers.set("hidden", HIDDEN_MS, () => this.#pause(true));
    this.#timers.clear("hidden");
    if (this.paused) this.#pause(false);
    this.#handlers.shown();
  }

  /** Tell a server that has just said hello. */
  greeted() {
    if (this.paused) this.#handlers.tell(true);
  }

  /** @param {boolean} paused */
  #pause(paused) {
    this.paused = paused;
    this.#handlers.tell(paused);
  }
}

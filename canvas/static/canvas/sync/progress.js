/** The progress of the stream: while pixels are missing and none come, it is stuck. */

/**
 * @import { NamedTimers } from "../lib/named_timers.js"
 * @import { Stream } from "./stream.js"
 */

// The server answers `since` at once; no progress for this long means it will not.
const STUCK_MS = 4_000;

export class Progress {
  #stream;
  #timers;
  #handlers;

  /**
   * @param {Stream} stream
   * @param {NamedTimers} timers
   * @param {{stuck: () => void, moved: () => void}} handlers `moved`: time to watch again
   */
  constructor(stream, timers, handlers) {
    this.#stream = stream;
    this.#timers = timers;
    this.#handlers = handlers;
  }

  /**
   * Expect progress while behind with nothing in flight.
   * @param {boolean} open whether the server can be heard
   */
  watch(open) {
    const { loading, behind, last } = this.#stream;
    if (!open || loading || !behind) return this.#timers.clear("stuck");
    if (this.#timers.has("stuck")) return;
    this.#timers.set("stuck", STUCK_MS, () => {
      if (this.#stream.last === last) this.#handlers.stuck();
      else this.#handlers.moved();
    });
  }
}

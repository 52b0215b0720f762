/** The cooldown: the ms that remain until the next pixel, so that a wrong clock does no harm. */
export class Cooldown {
  #clock;
  #readyAt = 0;
  /** Length of the wait that is running, in ms. */
  total = 0;

  /** @param {() => number} clock ms that only ever grow */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * Wait from now on.
   * @param {number} ms remaining, by the server
   */
  set(ms) {
    this.total = Math.max(0, ms);
    this.#readyAt = this.#clock() + this.total;
  }

  /** Milliseconds until the next pixel. */
  get remaining() {
    return Math.max(0, this.#readyAt - this.#clock());
  }

  get ready() {
    return this.remaining === 0;
  }
}

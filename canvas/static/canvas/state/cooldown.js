/** Time left until the next placement, from remaining ms: a wrong clock does no harm. */
export class Cooldown {
  #clock;
  #readyAt = 0;
  /** Length of the wait that is running, for a progress bar. */
  total = 0;

  /** @param {() => number} clock monotonic ms */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {number} ms remaining, as the server says */
  set(ms) {
    this.total = Math.max(0, ms);
    this.#readyAt = this.#clock() + this.total;
  }

  /** @returns {number} ms */
  get remaining() {
    return Math.max(0, this.#readyAt - this.#clock());
  }

  get ready() {
    return this.remaining === 0;
  }
}

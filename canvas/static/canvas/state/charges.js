/**
 * The pixels that a person has saved up, and the time until one more comes back.
 *
 * The server says how many there are, not how far the next one is. Until that is known from an
 * earlier answer it counts as a whole cooldown away: never are more promised than there are.
 */
export class Charges {
  #clock;
  #every = 0;
  #spent = 0;
  #nextAt = 0;
  /** The number that can be saved up. */
  most = 1;

  /** @param {() => number} clock ms that only ever grow */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * Set the rules. Spent charges stay spent: a larger `most` brings more at once.
   * @param {number} most
   * @param {number} every ms, after each of which one comes back
   */
  configure(most, every) {
    this.most = most;
    this.#every = every;
  }

  /**
   * Take the server's word.
   * @param {number} left now
   * @param {number} wait ms until the next, 0: unknown
   */
  set(left, wait) {
    this.#nextAt = this.#clock() + (wait || (this.untilNext ?? this.#every));
    this.#spent = this.most - left;
  }

  /** The number that is left. */
  get left() {
    const late = this.#clock() - this.#nextAt;
    const back = late < 0 ? 0 : 1 + (this.#every ? Math.floor(late / this.#every) : this.most);
    return Math.max(0, this.most - Math.max(0, this.#spent - back));
  }

  /** Milliseconds until the next one comes back; null when all are there. */
  get untilNext() {
    if (this.left >= this.most) return null;
    const late = this.#clock() - this.#nextAt;
    return late < 0 ? -late : this.#every - (late % this.#every);
  }
}

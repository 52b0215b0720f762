/** Easing: an amount that is handed out bit by bit, most of it first, and in the end all of it. */

const HALF_LIFE_MS = 40;

export class Ease {
  #left = 0;
  #least;

  /** @param {number} least an amount that is not worth dividing */
  constructor(least) {
    this.#least = least;
  }

  get moving() {
    return this.#left !== 0;
  }

  /** @param {number} amount */
  add(amount) {
    this.#left += amount;
  }

  /** Forget the rest. */
  stop() {
    this.#left = 0;
  }

  /**
   * Hand out a part.
   * @param {number} ms since the last step
   * @returns {number} the part that is due
   */
  step(ms) {
    const kept = this.#left * 0.5 ** (ms / HALF_LIFE_MS);
    const due = Math.abs(kept) < this.#least ? this.#left : this.#left - kept;
    this.#left -= due;
    return due;
  }
}

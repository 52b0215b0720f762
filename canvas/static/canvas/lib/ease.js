/** An amount that is handed out bit by bit, most of it first, and in the end all of it. Pure. */

const HALF_LIFE_MS = 40;

export class Ease {
  #left = 0;
  #least;

  /** @param {number} least what is not worth dividing */
  constructor(least) {
    this.#least = least;
  }

  get moving() {
    return this.#left !== 0;
  }

  add(amount) {
    this.#left += amount;
  }

  /** Forgets what is left. */
  stop() {
    this.#left = 0;
  }

  /** @param {number} ms since the last step @returns {number} what is due */
  step(ms) {
    const kept = this.#left * 0.5 ** (ms / HALF_LIFE_MS);
    const due = Math.abs(kept) < this.#least ? this.#left : this.#left - kept;
    this.#left -= due;
    return due;
  }
}

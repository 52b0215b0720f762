/** The stride of steps that follow each other quickly: each twice the last, so edges are near. */

const FIRST = 10; // cells
const REST_MS = 400; // after this long the next step is a first one again

export class Stride {
  #direction = "";
  #at = Number.NEGATIVE_INFINITY;
  #next = FIRST;

  /**
   * Return the length of a step: 10, 10, 20, 40 and so on, for as long as the direction stays.
   * @param {string} direction
   * @param {number} at ms
   * @returns {number} cells
   */
  step(direction, at) {
    const goesOn = direction === this.#direction && at - this.#at < REST_MS;
    const length = goesOn ? this.#next : FIRST;
    this.#next = goesOn ? 2 * length : FIRST;
    this.#direction = direction;
    this.#at = at;
    return length;
  }
}

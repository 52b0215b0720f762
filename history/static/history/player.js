/** The player: time that goes on by itself, forward or backward, faster than it did. */

/** Times as fast as it was. */
export const SPEEDS = [1, 10, 60, 600, 3_600, 36_000, 100_000];

// A person who wants no motion sees one picture after another instead.
const CALM_MS = 1_000;

export class Player {
  speed = 600;
  /** 1 forward, -1 backward, 0 while it stands still. @type {1 | -1 | 0} */
  direction = 0;
  #calm;
  #at = 0;

  /** @param {() => boolean} calm whether motion is unwanted */
  constructor(calm) {
    this.#calm = calm;
  }

  get playing() {
    return this.direction !== 0;
  }

  /**
   * @param {1 | -1} direction
   * @param {number} now ms
   */
  start(direction, now) {
    this.direction = direction;
    this.#at = now;
  }

  stop() {
    this.direction = 0;
  }

  /**
   * Return the ms of the past that have gone by since the last call that returned any.
   * @param {number} now ms
   */
  step(now) {
    const passed = now - this.#at;
    if (!this.playing || (this.#calm() && passed < CALM_MS)) return 0;
    this.#at = now;
    return passed * this.speed * this.direction;
  }

  /**
   * Take the next speed.
   * @param {1 | -1} step
   */
  change(step) {
    const next = SPEEDS.indexOf(this.speed) + step;
    this.speed = SPEEDS[Math.min(Math.max(next, 0), SPEEDS.length - 1)];
  }
}

/** The player: time that goes on by itself, forward or backward, faster than it did. */

import { readSpeed, SPEEDS, speedFor, writeSpeed } from "./speed.js";

// A person who wants no motion sees one picture after another instead.
const CALM_MS = 1_000;

export class Player {
  /** Times as fast as it was. */
  speed = 600;
  /** The one that the person has chosen, kept by this browser. */
  #chosen = readSpeed();
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
    this.choose(SPEEDS[Math.min(Math.max(next, 0), SPEEDS.length - 1)]);
  }

  /** @param {number} speed that a person wants, here and in other canvases */
  choose(speed) {
    this.speed = this.#chosen = speed;
    writeSpeed(speed);
  }

  /**
   * Take the speed for a past, unless a person has chosen one.
   * @param {{from: number, to: number}} range of the past, in ms
   */
  suit({ from, to }) {
    this.speed = this.#chosen ?? speedFor(to - from);
  }
}

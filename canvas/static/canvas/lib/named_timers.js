/** Timers by name: setting one again replaces it. */

/**
 * @typedef {{set: (fn: () => void, ms: number) => any, clear: (id: any) => void,
 *   now: () => number}} Timers `now` is monotonic, in ms
 */

export class NamedTimers {
  #source;
  /** @type {Map<string, {id: any, at: number, fire: () => void}>} */
  #running = new Map();

  /** @param {Timers} source */
  constructor(source) {
    this.#source = source;
  }

  /** @param {string} name @param {number} ms @param {() => void} action */
  set(name, ms, action) {
    this.clear(name);
    const fire = () => {
      this.clear(name);
      action();
    };
    this.#running.set(name, { id: this.#source.set(fire, ms), at: this.#source.now() + ms, fire });
  }

  /** @returns {number | null} ms until it fires, null when it is not set */
  left(name) {
    const timer = this.#running.get(name);
    return timer ? Math.max(0, timer.at - this.#source.now()) : null;
  }

  /** @returns {boolean} */
  has(name) {
    return this.#running.has(name);
  }

  /** Fires it now, if it is set. */
  fire(name) {
    this.#running.get(name)?.fire();
  }

  clear(name) {
    const timer = this.#running.get(name);
    if (timer) this.#source.clear(timer.id);
    this.#running.delete(name);
  }
}

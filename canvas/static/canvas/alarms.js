/** Timers by name: setting one again replaces it. */

/**
 * @typedef {{set: (fn: () => void, ms: number) => any, clear: (id: any) => void,
 *   now: () => number}} Timers `now` is monotonic, in ms
 */

export class Alarms {
  #timers;
  /** @type {Map<string, {id: any, at: number, ring: () => void}>} */
  #set = new Map();

  /** @param {Timers} timers */
  constructor(timers) {
    this.#timers = timers;
  }

  /** @param {string} name @param {number} ms @param {() => void} action */
  set(name, ms, action) {
    this.clear(name);
    const ring = () => {
      this.clear(name);
      action();
    };
    this.#set.set(name, { id: this.#timers.set(ring, ms), at: this.#timers.now() + ms, ring });
  }

  /** @returns {number | null} ms until it rings, null when it is not set */
  left(name) {
    const alarm = this.#set.get(name);
    return alarm ? Math.max(0, alarm.at - this.#timers.now()) : null;
  }

  /** @returns {boolean} */
  has(name) {
    return this.#set.has(name);
  }

  /** Lets it ring now, if it is set. */
  ring(name) {
    this.#set.get(name)?.ring();
  }

  clear(name) {
    const alarm = this.#set.get(name);
    if (alarm) this.#timers.clear(alarm.id);
    this.#set.delete(name);
  }
}

/** Timers with names: one that is set again replaces the one before. */

/**
 * The timers of the browser, or a test's.
 * @typedef {object} Timers
 * @property {(action: () => void, ms: number) => number} set returns the timer's id
 * @property {(id: number) => void} clear
 * @property {() => number} now ms that only ever grow
 */

export class NamedTimers {
  #source;
  /** @type {Map<string, {id: number, due: number, fire: () => void}>} */
  #running = new Map();

  /** @param {Timers} source */
  constructor(source) {
    this.#source = source;
  }

  /**
   * Call `action` once, in `ms` from now.
   * @param {string} name
   * @param {number} ms
   * @param {() => void} action
   */
  set(name, ms, action) {
    this.clear(name);
    const fire = () => {
      this.clear(name);
      action();
    };
    const id = this.#source.set(fire, ms);
    this.#running.set(name, { id, due: this.#source.now() + ms, fire });
  }

  /**
   * Return the ms until it fires, null when it is not set.
   * @param {string} name
   * @returns {number | null}
   */
  left(name) {
    const timer = this.#running.get(name);
    return timer ? Math.max(0, timer.due - this.#source.now()) : null;
  }

  /**
   * Tell whether it is set.
   * @param {string} name
   */
  has(name) {
    return this.#running.has(name);
  }

  /**
   * Fire it now, if it is set.
   * @param {string} name
   */
  fire(name) {
    this.#running.get(name)?.fire();
  }

  /**
   * Forget it.
   * @param {string} name
   */
  clear(name) {
    const timer = this.#running.get(name);
    if (timer) this.#source.clear(timer.id);
    this.#running.delete(name);
  }
}

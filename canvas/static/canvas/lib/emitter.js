/** An emitter of named events, with which state tells the rest of the page of changes. */

/**
 * `Events` has a name for each event, and the arguments that its listeners get.
 * @template {{[Name in keyof Events]: unknown[]}} Events
 */
export class Emitter {
  /** @type {{[Name in keyof Events]?: Set<(...detail: Events[Name]) => void>}} */
  #listeners = {};

  /**
   * Call `listener` at each event of that name.
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(...detail: Events[Name]) => void} listener
   * @returns {() => void} stops it
   */
  on(name, listener) {
    const listeners = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /**
   * Call the listeners of that name, in the order in which they came.
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {Events[Name]} detail
   */
  emit(name, ...detail) {
    for (const listener of this.#listeners[name] ?? []) listener(...detail);
  }
}

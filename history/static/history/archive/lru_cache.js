/** A cache of what was asked for last. */

/**
 * The values that were asked for last, by name. One that fails is not kept.
 * @template {Promise<unknown>} Value
 */
export class LruCache {
  #most;
  /** @type {Map<string, Value>} */
  #values = new Map();

  /** @param {number} most */
  constructor(most) {
    this.#most = most;
  }

  /**
   * @param {string} name
   * @param {() => Value} make
   * @returns {Value}
   */
  get(name, make) {
    const value = this.#values.get(name) ?? make();
    this.#values.delete(name);
    this.#values.set(name, value);
    value.catch(() => this.#values.delete(name));
    for (const first of this.#values.keys()) {
      if (this.#values.size <= this.#most) break;
      this.#values.delete(first);
    }
    return value;
  }

  values() {
    return this.#values.values();
  }

  clear() {
    this.#values.clear();
  }
}

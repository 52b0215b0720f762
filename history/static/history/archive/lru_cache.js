/** A cache of what was asked for last. */

/**
 * The values that were asked for last, by name. One that fails is not kept.
 * @template Value
 */
export class LruCache {
  #most;
  /** @type {Map<string, {promise: Promise<Value>, value: Value | null}>} */
  #entries = new Map();

  /** @param {number} most */
  constructor(most) {
    this.#most = most;
  }

  /**
   * @param {string} name
   * @param {() => Promise<Value>} make
   * @returns {Promise<Value>}
   */
  get(name, make) {
    const entry = this.#entries.get(name) ?? this.#begin(name, make());
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    for (const first of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break;
      this.#entries.delete(first);
    }
    return entry.promise;
  }

  /**
   * Return a value that has come, null where it has not; this does not count as asking for it.
   * @param {string} name
   */
  peek(name) {
    return this.#entries.get(name)?.value ?? null;
  }

  /** The values that have come. */
  values() {
    return [...this.#entries.values()].flatMap(({ value }) => value ?? []);
  }

  clear() {
    this.#entries.clear();
  }

  /**
   * @param {string} name
   * @param {Promise<Value>} promise
   */
  #begin(name, promise) {
    const entry = { promise, value: /** @type {Value | null} */ (null) };
    promise.then(
      (value) => {
        entry.value = value;
      },
      () => this.#entries.delete(name),
    );
    return entry;
  }
}

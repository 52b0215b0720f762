/** Own placements that the stream has not confirmed yet, in order. */

// The server answers in milliseconds; this only guards against a runaway script.
const MOST = 64;

/**
 * @typedef {object} Pending
 * @property {string} id operation id: sending it again is harmless
 * @property {number} x
 * @property {number} y
 * @property {number} index palette index
 * @property {string} color
 * @property {number} sentAt clock ms of the last sending
 * @property {number} sendings
 * @property {number | null} seq known once the server has acknowledged it
 */

export class Placements {
  /** @type {Map<string, Pending>} */
  #pending = new Map();

  get size() {
    return this.#pending.size;
  }

  get full() {
    return this.#pending.size >= MOST;
  }

  /** @returns {Iterable<Pending>} */
  all() {
    return this.#pending.values();
  }

  /** @param {Pick<Pending, "id"|"x"|"y"|"index"|"color">} placement @returns {Pending} */
  add(placement) {
    const pending = { ...placement, sentAt: 0, sendings: 0, seq: null };
    this.#pending.set(pending.id, pending);
    return pending;
  }

  /** @returns {Pending | undefined} */
  acked(id, seq) {
    const pending = this.#pending.get(id);
    if (pending) pending.seq = seq;
    return pending;
  }

  /** Forgets a placement, refused or given up. @returns {Pending | undefined} */
  drop(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** Forgets everything that the board at `last` contains. @returns {Pending[]} */
  settle(last) {
    const settled = [...this.all()].filter(({ seq }) => seq !== null && seq <= last);
    for (const { id } of settled) this.#pending.delete(id);
    return settled;
  }

  /** @returns {Pending[]} those that the server has not answered */
  unanswered() {
    return [...this.all()].filter(({ seq }) => seq === null);
  }
}

/** A person's placements that the stream has not confirmed yet, in order. */

// The server answers in milliseconds; this is only a guard against a runaway script.
const MOST = 64;

/**
 * @typedef {object} Pending
 * @property {string} id makes sending it again harmless
 * @property {number} x
 * @property {number} y
 * @property {number} index palette index
 * @property {string} color `#RRGGBB`
 * @property {number} [over] seq of the placement that has to be the newest on the cell
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

  /**
   * Return the last placement on a cell.
   * @param {number} x
   * @param {number} y
   * @returns {Pending | undefined}
   */
  on(x, y) {
    return [...this.all()].findLast((pending) => pending.x === x && pending.y === y);
  }

  /**
   * Add a placement that is about to be sent.
   * @param {Pick<Pending, "id"|"x"|"y"|"index"|"color"|"over">} placement
   * @returns {Pending}
   */
  add(placement) {
    const pending = { ...placement, sentAt: 0, sendings: 0, seq: null };
    this.#pending.set(pending.id, pending);
    return pending;
  }

  /**
   * Note that the server has acknowledged a placement.
   * @param {string} id
   * @param {number} seq
   * @returns {Pending | undefined}
   */
  acked(id, seq) {
    const pending = this.#pending.get(id);
    if (pending) pending.seq = seq;
    return pending;
  }

  /**
   * Forget a placement, refused or given up.
   * @param {string} id
   * @returns {Pending | undefined}
   */
  drop(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /**
   * Forget the placements that the board contains.
   * @param {number} last seq that the board contains
   * @returns {Pending[]} the forgotten ones
   */
  settle(last) {
    const settled = [...this.all()].filter(({ seq }) => seq !== null && seq <= last);
    for (const { id } of settled) this.#pending.delete(id);
    return settled;
  }

  /** @returns {Pending[]} the placements that the server has not answered */
  unanswered() {
    return [...this.all()].filter(({ seq }) => seq === null);
  }
}

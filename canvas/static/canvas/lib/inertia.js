/** Inertia: the speed of a drag, and its slowing down once the drag is let go. */

const MEMORY_MS = 80;
const HALF_LIFE_MS = 110;
const SLOWEST = 0.02; // px a ms
const FASTEST = 6; // px a ms

export class Inertia {
  /** @type {{t: number, dx: number, dy: number}[]} */
  #moves = [];
  /** Speed to the right, in px a ms. */
  vx = 0;
  /** Speed downwards, in px a ms. */
  vy = 0;

  get moving() {
    return this.vx !== 0 || this.vy !== 0;
  }

  stop() {
    this.#moves = [];
    this.vx = 0;
    this.vy = 0;
  }

  /**
   * Note a movement of the drag.
   * @param {number} t ms
   * @param {number} dx px
   * @param {number} dy px
   */
  moved(t, dx, dy) {
    this.#moves.push({ t, dx, dy });
    this.#forget(t);
  }

  /**
   * Let go: from now on `step` moves.
   * @param {number} t ms
   */
  release(t) {
    this.#forget(t);
    const [first] = this.#moves;
    const span = Math.max(first ? t - first.t : 0, 16);
    this.vx = bounded(this.#sum("dx") / span);
    this.vy = bounded(this.#sum("dy") / span);
    this.#moves = [];
    this.#rest();
  }

  /**
   * Move on, and slow down.
   * @param {number} dt ms since the last step
   * @returns {{dx: number, dy: number}} px
   */
  step(dt) {
    const moved = { dx: this.vx * dt, dy: this.vy * dt };
    const kept = 0.5 ** (dt / HALF_LIFE_MS);
    this.vx *= kept;
    this.vy *= kept;
    this.#rest();
    return moved;
  }

  /** @param {"dx"|"dy"} axis */
  #sum(axis) {
    return this.#moves.reduce((total, move) => total + move[axis], 0);
  }

  #rest() {
    if (Math.hypot(this.vx, this.vy) < SLOWEST) this.stop();
  }

  /** @param {number} t ms */
  #forget(t) {
    this.#moves = this.#moves.filter((move) => t - move.t <= MEMORY_MS);
  }
}

/** @param {number} speed */
function bounded(speed) {
  return Math.max(-FASTEST, Math.min(FASTEST, speed));
}

/** The speed of a drag, and how it dies away once let go. Pure. */

const MEMORY_MS = 80;
const HALF_LIFE_MS = 110;
const SLOWEST = 0.02; // px a ms
const FASTEST = 6;

export class Inertia {
  /** @type {{t: number, dx: number, dy: number}[]} */
  #moves = [];
  vx = 0;
  vy = 0;

  get moving() {
    return this.vx !== 0 || this.vy !== 0;
  }

  stop() {
    this.#moves = [];
    this.vx = 0;
    this.vy = 0;
  }

  /** @param {number} t ms @param {number} dx @param {number} dy */
  moved(t, dx, dy) {
    this.#moves.push({ t, dx, dy });
    this.#forget(t);
  }

  /** Lets go at `t`; from now on `step` moves. */
  release(t) {
    this.#forget(t);
    const [first] = this.#moves;
    const span = Math.max(first ? t - first.t : 0, 16);
    const sum = (axis) => this.#moves.reduce((total, move) => total + move[axis], 0);
    this.vx = bounded(sum("dx") / span);
    this.vy = bounded(sum("dy") / span);
    this.#moves = [];
    this.#rest();
  }

  /** @param {number} dt ms since the last step @returns {{dx: number, dy: number}} */
  step(dt) {
    const moved = { dx: this.vx * dt, dy: this.vy * dt };
    const kept = 0.5 ** (dt / HALF_LIFE_MS);
    this.vx *= kept;
    this.vy *= kept;
    this.#rest();
    return moved;
  }

  #rest() {
    if (Math.hypot(this.vx, this.vy) < SLOWEST) this.stop();
  }

  #forget(t) {
    this.#moves = this.#moves.filter((move) => t - move.t <= MEMORY_MS);
  }
}

function bounded(speed) {
  return Math.max(-FASTEST, Math.min(FASTEST, speed));
}

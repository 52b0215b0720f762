/** Tells taps, drags, pinches and long presses apart, from the pointers that are down. Pure. */

// Fingers tremble by this much: within it a drag is still a tap.
const TOLERANCE_PX = 5;
const LONG_PRESS_MS = 500;

/**
 * @typedef {object} Handlers what a gesture does
 * @property {(at: {x: number, y: number}) => void} tap
 * @property {(at: {x: number, y: number}) => void} hold a long press
 * @property {(dx: number, dy: number) => void} drag
 * @property {(at: {x: number, y: number}, factor: number) => void} pinch
 * @property {() => void} release the last finger of a drag went up
 */

export class Gesture {
  #handlers;
  #timers;
  /** @type {Map<number, {x: number, y: number}>} */
  #pointers = new Map();
  #start = null;
  /** @type {"idle"|"pressed"|"dragging"|"spent"} */
  #phase = "idle";

  /** @param {Handlers} handlers @param {import("./named_timers.js").NamedTimers} timers */
  constructor(handlers, timers) {
    this.#handlers = handlers;
    this.#timers = timers;
  }

  get dragging() {
    return this.#phase === "dragging";
  }

  down(id, at) {
    this.#pointers.set(id, at);
    if (this.#pointers.size > 1) {
      this.#moveOn("dragging");
      return;
    }
    this.#start = at;
    this.#phase = "pressed";
    this.#timers.set("hold", LONG_PRESS_MS, () => {
      this.#phase = "spent";
      this.#handlers.hold(at);
    });
  }

  move(id, at) {
    const before = this.#pointers.get(id);
    if (!before) return;
    if (this.#pointers.size === 2) this.#pinch(id, before, at);
    this.#pointers.set(id, at);
    if (this.#pointers.size > 1) return;
    if (this.#phase === "pressed" && distance(this.#start, at) > TOLERANCE_PX) {
      this.#moveOn("dragging");
      this.#handlers.drag(at.x - this.#start.x, at.y - this.#start.y);
    } else if (this.#phase === "dragging") {
      this.#handlers.drag(at.x - before.x, at.y - before.y);
    }
  }

  up(id) {
    if (!this.#pointers.delete(id) || this.#pointers.size) return;
    const phase = this.#phase;
    this.#moveOn("idle");
    if (phase === "pressed") this.#handlers.tap(this.#start);
    if (phase === "dragging") this.#handlers.release();
  }

  /** The browser took the pointer away: nothing was meant. */
  cancel(id) {
    this.#pointers.delete(id);
    if (!this.#pointers.size) this.#moveOn("idle");
  }

  #moveOn(phase) {
    this.#timers.clear("hold");
    this.#phase = phase;
  }

  #pinch(id, before, at) {
    const [other] = [...this.#pointers].filter(([key]) => key !== id).map(([, point]) => point);
    const from = middle(before, other);
    const to = middle(at, other);
    this.#handlers.drag(to.x - from.x, to.y - from.y);
    const apart = distance(before, other);
    if (apart > 0) this.#handlers.pinch(to, distance(at, other) / apart);
  }
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function middle(a, b) {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

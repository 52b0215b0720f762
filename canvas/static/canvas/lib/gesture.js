/** The gestures of the pointers that are down: tap, hold, drag, stroke, pinch. */

/** @import { NamedTimers } from "./named_timers.js" */

// Fingers tremble: a movement of this many px is still a tap.
const TOLERANCE_PX = 5;
const HOLD_MS = 500;

/**
 * @typedef {{x: number, y: number}} Point in CSS pixels
 *
 * @typedef {object} Handlers
 * @property {(at: Point) => void} tap
 * @property {(at: Point) => void} hold a long press
 * @property {(dx: number, dy: number) => void} drag
 * @property {(at: Point, factor: number) => void} pinch
 * @property {() => void} release the last finger of a drag went up
 * @property {Strokes} stroke
 *
 * @typedef {object} Strokes drags that draw, rather than move the board
 * @property {boolean} ready whether the next one does
 * @property {(at: Point) => void} begin
 * @property {(at: Point) => void} to
 * @property {() => void} end
 * @property {() => void} drop it was none: another finger came, or the browser took it away
 */

export class Gesture {
  #handlers;
  #timers;
  /** @type {Map<number, Point>} */
  #pointers = new Map();
  /** @type {Point} */
  #start = { x: 0, y: 0 };
  #moves = false;
  /** @type {"idle"|"pressed"|"dragging"|"drawing"|"spent"} */
  #phase = "idle";

  /**
   * @param {Handlers} handlers
   * @param {NamedTimers} timers
   */
  constructor(handlers, timers) {
    this.#handlers = handlers;
    this.#timers = timers;
  }

  get dragging() {
    return this.#phase === "dragging";
  }

  /**
   * Begin a gesture, or add a finger to it.
   * @param {number} id of the pointer
   * @param {Point} at
   * @param {boolean} [moves] whether a drag moves the board in any case
   */
  down(id, at, moves = false) {
    this.#pointers.set(id, at);
    this.#moves = moves;
    if (this.#pointers.size > 1) {
      this.#dropStroke();
      this.#enter("dragging");
      return;
    }
    this.#start = at;
    this.#phase = "pressed";
    // A hand that thinks before it draws is no long press.
    if (this.#draws) return;
    this.#timers.set("hold", HOLD_MS, () => {
      this.#phase = "spent";
      this.#handlers.hold(at);
    });
  }

  /**
   * Follow a pointer; one that is not down is ignored.
   * @param {number} id
   * @param {Point} at
   */
  move(id, at) {
    const before = this.#pointers.get(id);
    if (!before) return;
    if (this.#pointers.size === 2) this.#pinch(id, before, at);
    this.#pointers.set(id, at);
    if (this.#pointers.size > 1) return;
    if (this.#phase === "drawing") this.#handlers.stroke.to(at);
    if (this.#phase === "pressed" && distance(this.#start, at) > TOLERANCE_PX) {
      if (this.#draws) return this.#startStroke(at);
      this.#enter("dragging");
      this.#handlers.drag(at.x - this.#start.x, at.y - this.#start.y);
    } else if (this.#phase === "dragging") {
      this.#handlers.drag(at.x - before.x, at.y - before.y);
    }
  }

  /**
   * End the gesture with its last pointer.
   * @param {number} id
   */
  up(id) {
    if (!this.#pointers.delete(id) || this.#pointers.size) return;
    const phase = this.#phase;
    this.#enter("idle");
    if (phase === "pressed") this.#handlers.tap(this.#start);
    if (phase === "dragging") this.#handlers.release();
    if (phase === "drawing") this.#handlers.stroke.end();
  }

  /**
   * Drop a pointer that the browser took away; it does nothing.
   * @param {number} id
   */
  cancel(id) {
    this.#pointers.delete(id);
    this.#dropStroke();
    if (!this.#pointers.size) this.#enter("idle");
  }

  get #draws() {
    return this.#handlers.stroke.ready && !this.#moves;
  }

  /** @param {Point} at */
  #startStroke(at) {
    this.#enter("drawing");
    this.#handlers.stroke.begin(this.#start);
    this.#handlers.stroke.to(at);
  }

  #dropStroke() {
    if (this.#phase === "drawing") this.#handlers.stroke.drop();
  }

  /** @param {"idle"|"dragging"|"drawing"} phase */
  #enter(phase) {
    this.#timers.clear("hold");
    this.#phase = phase;
  }

  /**
   * @param {number} id of the finger that moved
   * @param {Point} before
   * @param {Point} at
   */
  #pinch(id, before, at) {
    const [other] = [...this.#pointers].filter(([key]) => key !== id).map(([, point]) => point);
    const from = middle(before, other);
    const to = middle(at, other);
    this.#handlers.drag(to.x - from.x, to.y - from.y);
    const apart = distance(before, other);
    if (apart > 0) this.#handlers.pinch(to, distance(at, other) / apart);
  }
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function middle(a, b) {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

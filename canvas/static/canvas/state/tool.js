/** The tool of a person: its colour, its cell, and the aids that are switched on. */

import { Emitter } from "../lib/emitter.js";

/**
 * @typedef {{x: number, y: number}} Cell
 *
 * @typedef {object} Held
 * @property {number | null} color palette index
 * @property {Cell | null} hover cell under the mouse
 * @property {Cell | null} cursor cell chosen by touch or keyboard, which waits for a confirmation
 * @property {boolean} stroke a drag draws, rather than move the board
 * @property {boolean} quick a tap or stroke draws at once, without a confirmation
 * @property {boolean} pen the pen is down: keys that move the cursor draw
 * @property {boolean} grid
 * @property {boolean} minimap
 * @property {boolean} symbols
 *
 * @typedef {{change: [name: keyof Held]}} ToolEvents
 */

/** The modes that are put away while nothing can be drawn. */
const FOR_DRAWING = ["color", "stroke", "quick", "pen"];

/** The aids that are switched on and off to see better. */
export const AIDS = /** @type {const} */ (["grid", "minimap", "symbols"]);

/**
 * @extends {Emitter<ToolEvents>}
 * @implements {Held}
 */
export class Tool extends Emitter {
  /** @type {number | null} */
  color = null;
  /** @type {Cell | null} */
  hover = null;
  /** @type {Cell | null} */
  cursor = null;
  stroke = false;
  quick = false;
  pen = false;
  grid = true;
  minimap = true;
  symbols = false;
  /** True while nothing can be drawn: what draws is put away, and cannot be taken up. */
  resting = false;
  /** The state that is taken up again after the rest. @type {Partial<Held>} */
  #away = {};
  /** Palette indices that may be chosen. @type {number[]} */
  offered = [];

  /**
   * Change some of it, and tell of each that differs.
   * @param {Partial<Held>} changes
   */
  set(changes) {
    if (!this.resting) return this.#apply(changes);
    const others = Object.entries(changes).filter(([name]) => !FOR_DRAWING.includes(name));
    this.#apply(Object.fromEntries(others));
  }

  /** @param {Partial<Held>} changes */
  #apply(changes) {
    for (const name of /** @type {(keyof Held)[]} */ (Object.keys(changes))) {
      const value = changes[name];
      if (value !== undefined && !same(this[name], value)) this.#change(name, value);
    }
  }

  /** Put away what draws. */
  rest() {
    if (this.resting) return;
    const { color, stroke, quick } = this;
    this.#away = { color, stroke, quick };
    this.resting = true;
    this.#apply({ color: null, stroke: false, pen: false, cursor: null });
  }

  /** Take up again what was put away. */
  resume() {
    if (!this.resting) return;
    const { color = null } = this.#away;
    const offered = color !== null && this.offered.includes(color);
    this.#apply({ ...this.#away, color: offered ? color : null, cursor: null });
    this.resting = false;
  }

  /**
   * Let only these colours be chosen from now on.
   * @param {number[]} indices in the palette
   * @returns {boolean} whether the chosen colour had to be dropped
   */
  offer(indices) {
    this.offered = indices;
    if (this.color === null || indices.includes(this.color)) return false;
    this.set({ color: null });
    return true;
  }

  /** The cell that is pointed at, by mouse, finger or keys. */
  get cell() {
    return this.cursor ?? this.hover;
  }

  /**
   * @template {keyof Held} Name
   * @param {Name} name
   * @param {Held[Name]} value
   */
  #change(name, value) {
    /** @type {Held} */ (this)[name] = value;
    this.emit("change", name);
  }
}

/**
 * @param {Held[keyof Held]} a
 * @param {Held[keyof Held]} b
 */
function same(a, b) {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
  return a.x === b.x && a.y === b.y;
}

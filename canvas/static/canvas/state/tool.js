/** What the person holds and points at: the colour, the cell, the aids that are switched on. */

import { Emitter } from "../lib/emitter.js";

/** @typedef {{x: number, y: number}} Cell */

/** Emits `change`, with the name of what changed. */
export class Tool extends Emitter {
  /** Palette index. @type {number | null} */
  color = null;
  /** Palette indices that may be held. @type {number[]} */
  offered = [];
  /** Cell under the mouse. @type {Cell | null} */
  hover = null;
  /** Cell chosen by touch or keyboard; waits for a confirmation. @type {Cell | null} */
  cursor = null;
  grid = true;
  minimap = true;
  symbols = false;

  /** @param {Partial<Pick<Tool, "color"|"hover"|"cursor"|"grid"|"minimap"|"symbols">>} change */
  set(change) {
    for (const [name, value] of Object.entries(change)) {
      if (same(this[name], value)) continue;
      this[name] = value;
      this.emit("change", name);
    }
  }

  /**
   * @param {number[]} indices that may be held from now on
   * @returns {boolean} whether the colour that was held had to go
   */
  offer(indices) {
    this.offered = indices;
    if (this.color === null || indices.includes(this.color)) return false;
    this.set({ color: null });
    return true;
  }

  /** @returns {Cell | null} the cell that is pointed at, by whatever means */
  get cell() {
    return this.cursor ?? this.hover;
  }
}

function same(a, b) {
  if (a === null || b === null || typeof a !== "object") return a === b;
  return a.x === b.x && a.y === b.y;
}

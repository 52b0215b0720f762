/** The way to the next cell that is wrong or missing: it is chosen, shown, and said. */

import { w } from "./i18n/words.js";
import { BACKGROUND } from "./model/count.js";
import { NONE } from "./model/image.js";
import { anyWrong, nearestWrong } from "./model/next_wrong.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Look } from "./model/look.js"
 * @import { Shelf } from "./model/shelf.js"
 * @import { Sight } from "./sight.js"
 *
 * @typedef {{x: number, y: number}} Cell
 */

export class NextCell {
  #host;
  #shelf;
  #look;
  #sight;

  /**
   * @param {Host} host
   * @param {{shelf: Shelf, look: Look, sight: Sight}} parts
   */
  constructor(host, { shelf, look, sight }) {
    this.#host = host;
    this.#shelf = shelf;
    this.#look = look;
    this.#sight = sight;
  }

  /**
   * Go to the next cell that is wrong, or not drawn yet, and may be drawn.
   * @param {boolean} random any of them, rather than the nearest
   */
  go(random) {
    const { tool, viewport, board, actions, announce, toast, colors } = this.#host;
    const { plan } = this.#shelf;
    const from = tool.cell ?? viewport.centre;
    const takes = this.#takes();
    const cell = random
      ? anyWrong(plan, board, { takes, random: Math.random })
      : nearestWrong(plan, board, { takes, from });
    if (!cell) return toast(w(this.#none()));
    actions.goTo(cell);
    this.#sight.uncover({ ...cell, width: 1, height: 1 });
    const name = colors.names[plan.at(cell.x, cell.y)];
    const missing = board.cells[cell.y * board.width + cell.x] === BACKGROUND;
    announce([w(missing ? "next_missing" : "next_wrong"), wayTo(from, cell), name].join(" "));
  }

  /** Return a test for the colours that are wanted now. */
  #takes() {
    const { tool, session } = this.#host;
    const { alone, values } = this.#look;
    const offered = new Set(tool.offered);
    const follows = values.follow && session.canvas.autoColor;
    const only = values.held && !follows ? tool.color : null;
    return (/** @type {number} */ index) =>
      offered.has(index) &&
      (alone === null || index === alone) &&
      (only === null || index === only);
  }

  #none() {
    if (this.#shelf.plan.cells.every((cell) => cell === NONE)) return "none_on";
    return this.#shelf.plan.wrong.some((count) => count > 0) ? "none_such" : "none_wrong";
  }
}

/**
 * Return the way between two cells in words.
 * @param {Cell} from
 * @param {Cell} to
 */
export function wayTo(from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const parts = [];
  if (dx) parts.push(w(dx > 0 ? "way_right" : "way_left", { count: Math.abs(dx) }));
  if (dy) parts.push(w(dy > 0 ? "way_down" : "way_up", { count: Math.abs(dy) }));
  if (!parts.length) parts.push(w("way_here"));
  return `${parts.join(", ")},`;
}

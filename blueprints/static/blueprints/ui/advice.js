/** Advice before a person draws: the colour that a cell wants, and a warning over right cells. */

import { w } from "../i18n/words.js";
import { NONE } from "../model/image.js";

/**
 * @import { Host } from "../../canvas/extensions.js"
 * @import { Look } from "../model/look.js"
 * @import { Plan } from "../model/plan.js"
 *
 * @typedef {{x: number, y: number}} Cell
 */

const MEANT_MS = 8_000; // the same cell again within this time is no mistake

export class Advice {
  #host;
  #plan;
  #look;
  #warned = { x: -1, y: -1, at: Number.NEGATIVE_INFINITY };
  #overdrawn = 0;

  /**
   * @param {Host} host
   * @param {{plan: Plan, look: Look}} parts
   */
  constructor(host, { plan, look }) {
    this.#host = host;
    this.#plan = plan;
    this.#look = look;
    host.actions.heed(this);
    host.tool.on("change", (name) => {
      if (name === "hover" || name === "cursor") this.#follow();
    });
    host.staged.on("change", () => this.#watchStaged());
  }

  /**
   * Return the colour to place on a cell; null to place none.
   * @param {Cell} cell
   * @param {number} held
   */
  color(cell, held) {
    const { warn } = this.#look.values;
    const wanted = this.#plan.at(cell.x, cell.y);
    const takes = this.#follows && this.#host.tool.offered.includes(wanted);
    if (takes) return wanted;
    const spoils = warn && held !== wanted && this.#plan.isRight(cell.x, cell.y);
    if (!spoils || this.#isMeant(cell)) return held;
    this.#warned = { ...cell, at: performance.now() };
    this.#host.toast(w("warn_right", { name: this.#host.colors.names[wanted] }), "problem");
    return null;
  }

  /** Tell whether staged pixels may go at once: not where they would spoil right cells. */
  stroke() {
    return !this.#look.values.warn || this.#spoilt() === 0;
  }

  /** Let the hand take the colour that the cell under it wants. */
  #follow() {
    const { tool } = this.#host;
    const { cell, offered, pen } = tool;
    if (!this.#follows || !cell || pen) return;
    const wanted = this.#plan.at(cell.x, cell.y);
    if (wanted !== NONE && offered.includes(wanted)) tool.set({ color: wanted });
  }

  /** Whether the hand takes colours: as the person wants it, where the canvas allows it. */
  get #follows() {
    return this.#host.session.canvas.autoColor && this.#look.values.follow;
  }

  /** @param {Cell} cell */
  #isMeant({ x, y }) {
    const { at, ...warned } = this.#warned;
    return warned.x === x && warned.y === y && performance.now() - at < MEANT_MS;
  }

  #watchStaged() {
    const count = this.#look.values.warn && !this.#host.staged.going ? this.#spoilt() : 0;
    if (count && !this.#overdrawn) this.#host.toast(w("warn_stroke", { count }), "problem");
    this.#overdrawn = count;
  }

  #spoilt() {
    return this.#host.staged.waiting.filter(({ x, y, index }) => {
      return this.#plan.isRight(x, y) && this.#plan.at(x, y) !== index;
    }).length;
  }
}

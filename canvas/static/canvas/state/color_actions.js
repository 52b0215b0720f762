/** The actions that choose a colour. */

import { ViewActions } from "./view_actions.js";

/**
 * @import { Shell } from "./actions.js"
 * @import { Session } from "./session.js"
 * @import { BoardView } from "./shown.js"
 * @import { Cell, Tool } from "./tool.js"
 * @import { Point, Viewport } from "../lib/viewport.js"
 *
 * @typedef {object} Parts
 * @property {BoardView} board
 * @property {Viewport} viewport
 * @property {Tool} tool
 * @property {Session} session
 * @property {Shell} shell
 */

export class ColorActions extends ViewActions {
  #board;
  #viewport;
  #tool;
  #session;
  #shell;

  /** @param {Parts} parts */
  constructor({ board, viewport, tool, session, shell }) {
    super({ viewport, tool });
    this.#board = board;
    this.#viewport = viewport;
    this.#tool = tool;
    this.#session = session;
    this.#shell = shell;
  }

  /**
   * Choose the colour of a cell.
   * @param {Point} at
   */
  pickAt(at) {
    this.#pick(this.#viewport.toCell(at.x, at.y));
  }

  /** Choose the colour of the cell that is pointed at. */
  pickHere() {
    this.#pick(this.#tool.cell ?? this.#viewport.centre);
  }

  /**
   * Choose a colour; the one that is chosen already is dropped.
   * @param {number | null} index
   */
  chooseColor(index) {
    if (this.rests()) return;
    if (index === null || index === this.#tool.color) this.#tool.set({ color: null });
    else this.#hold(index);
  }

  /**
   * Choose a colour beside the chosen one.
   * @param {number} step
   */
  stepColor(step) {
    const { offered, color } = this.#tool;
    if (!offered.length || this.rests()) return;
    const before = step < 0 ? 0 : -1;
    const from = color === null ? before : offered.indexOf(color);
    this.#tool.set({ color: offered.at((from + step) % offered.length) });
  }

  /**
   * Tell a person why nothing can be drawn now.
   * @returns {boolean} whether that is so
   */
  rests() {
    if (this.#tool.resting) this.#shell.tell("looking_back");
    return this.#tool.resting;
  }

  /** @param {Cell | null} cell */
  #pick(cell) {
    if (cell && this.#board.contains(cell.x, cell.y)) this.#hold(this.#board.get(cell.x, cell.y));
  }

  /** @param {number} index */
  #hold(index) {
    if (this.rests()) return;
    if (this.#tool.offered.includes(index)) this.#tool.set({ color: index });
    else if (index < this.#session.canvas.palette.length) this.#shell.tell("color_retired");
  }
}

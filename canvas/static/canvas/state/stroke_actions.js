/** The actions of a hand that draws strokes: by a drag, or by the cursor with the pen down. */

import { Stroke } from "../lib/stroke.js";
import { AIMABLE } from "./cursor.js";
import { MOST_STAGED } from "./staged.js";

/**
 * @import { Shell } from "./actions.js"
 * @import { Staged } from "./staged.js"
 * @import { Cell, Tool } from "./tool.js"
 * @import { Point, Viewport } from "../lib/viewport.js"
 */

export class StrokeActions {
  #viewport;
  #tool;
  #staged;
  #shell;
  /** The stroke that is being drawn. @type {Stroke | null} */
  #stroke = null;
  #color = 0;
  /** Whether what is staged may be sent at once in the quick mode. */
  mayGo = () => true;

  /** @param {{viewport: Viewport, tool: Tool, staged: Staged, shell: Shell}} parts */
  constructor({ viewport, tool, staged, shell }) {
    this.#viewport = viewport;
    this.#tool = tool;
    this.#staged = staged;
    this.#shell = shell;
  }

  /** True when a drag draws, rather than move the board. */
  get ready() {
    return this.#tool.stroke && this.#tool.color !== null && this.#viewport.scale >= AIMABLE;
  }

  /** @param {Point} at CSS pixels */
  begin(at) {
    this.#tool.set({ cursor: null });
    this.#begin(this.#viewport.toBoard(at.x, at.y));
  }

  /** @param {Point} at CSS pixels */
  to(at) {
    if (this.#stroke?.to(this.#viewport.toBoard(at.x, at.y))) this.#show();
  }

  /** End the stroke: it is staged, or in the quick mode sent. */
  end() {
    this.#stroke = null;
    this.#tool.set({ pen: false });
    const count = this.#staged.size;
    if (count) this.#shell.announce(this.#shell.count(count));
    if (this.#tool.quick && this.mayGo()) this.#staged.go();
  }

  /** Forget the stroke: it was the beginning of another gesture. */
  drop() {
    this.#stroke = null;
    this.#staged.draw([], this.#color);
  }

  /**
   * Stage one cell.
   * @param {Cell} cell
   */
  dot(cell) {
    this.#begin(middle(cell));
    this.end();
  }

  /**
   * Put the pen down on a cell, or lift it.
   * @param {Cell} cell
   */
  togglePen(cell) {
    if (this.#tool.pen) return this.end();
    if (this.#tool.color === null) return this.#shell.tell("no_color");
    this.#begin(middle(cell));
    this.#tool.set({ pen: true });
  }

  /**
   * Draw on to a cell, if the pen is down.
   * @param {Cell} cell
   */
  follow(cell) {
    if (this.#tool.pen && this.#stroke?.to(middle(cell))) this.#show();
  }

  /**
   * Send what is staged.
   * @returns {boolean} whether there was anything
   */
  go() {
    if (this.#tool.pen) this.end();
    const staged = this.#staged.size > 0;
    this.#staged.go();
    return staged;
  }

  /**
   * Take back the newest stroke, if it is not being sent.
   * @returns {boolean} whether there was one
   */
  takeBack() {
    if (this.#staged.going || !this.#staged.takeBack()) return false;
    this.#shell.announce(this.#shell.count(this.#staged.size));
    return true;
  }

  /**
   * Let go of what is staged.
   * @returns {boolean} whether there was anything
   */
  cancel() {
    this.#stroke = null;
    this.#tool.set({ pen: false });
    if (!this.#staged.waiting.length) return false;
    this.#staged.cancel();
    this.#shell.tell("staged_dropped");
    return true;
  }

  /** @param {Point} at on the board */
  #begin(at) {
    this.#stroke = new Stroke(at);
    this.#color = this.#tool.color ?? 0;
    this.#staged.begin();
    this.#show();
  }

  #show() {
    const room = this.#stroke && this.#staged.draw(this.#stroke.cells, this.#color);
    if (room === false) this.#shell.tell("staged_full", { most: MOST_STAGED });
  }
}

/** @param {Cell} cell */
function middle({ x, y }) {
  return { x: x + 0.5, y: y + 0.5 };
}

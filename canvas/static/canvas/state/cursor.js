/** The cursor: the cell that is chosen by touch or keys, and the view that follows it. */

/**
 * @import { Place } from "./permalink.js"
 * @import { BoardView } from "./shown.js"
 * @import { Cell, Tool } from "./tool.js"
 * @import { Point, Viewport } from "../lib/viewport.js"
 */

export const AIMABLE = 3; // CSS pixels a cell: smaller ones are too hard to hit
const CLOSE = 14; // CSS pixels a cell

export class Cursor {
  #board;
  #viewport;
  #tool;

  /** @param {{board: BoardView, viewport: Viewport, tool: Tool}} parts */
  constructor({ board, viewport, tool }) {
    this.#board = board;
    this.#viewport = viewport;
    this.#tool = tool;
  }

  /**
   * Move by cells, at most to the edge. The first move only brings it into sight.
   * @param {number} dx
   * @param {number} dy
   * @returns {Cell} where it is now
   */
  move(dx, dy) {
    const from = this.#tool.cell ?? this.#viewport.centre;
    const cursor = this.#tool.cursor ? this.#within(from.x + dx, from.y + dy) : from;
    if (this.#viewport.scale < AIMABLE) this.#viewport.show({ ...cursor, scale: CLOSE });
    this.#tool.set({ cursor });
    this.#viewport.reveal(cursor);
    return cursor;
  }

  /**
   * Go to a place, near enough to draw where it does not say how near.
   * @param {Place} place on the board
   */
  goTo({ x, y, scale = Math.max(CLOSE, this.#viewport.scale) }) {
    this.#viewport.show({ x, y, scale });
    this.#tool.set({ cursor: { x, y } });
  }

  /**
   * Choose a cell under a finger, and come near enough.
   * @param {Cell} cell
   * @param {Point} at
   */
  aim(cell, at) {
    if (this.#viewport.scale < AIMABLE) this.approach(at);
    this.#tool.set({ cursor: cell });
    this.#viewport.reveal(cell);
  }

  /**
   * Come so near to a point that its cells can be hit.
   * @param {Point} at
   */
  approach(at) {
    this.#viewport.zoomAt(at.x, at.y, CLOSE / this.#viewport.scale);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {Cell} the nearest one of the board
   */
  #within(x, y) {
    const { width, height } = this.#board;
    return { x: Math.min(Math.max(x, 0), width - 1), y: Math.min(Math.max(y, 0), height - 1) };
  }
}

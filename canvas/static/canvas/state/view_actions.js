/** The actions that only look: moving the view, and zooming. */

/**
 * @import { Tool } from "./tool.js"
 * @import { Point, Viewport } from "../lib/viewport.js"
 */

export class ViewActions {
  #viewport;
  #tool;

  /** @param {{viewport: Viewport, tool: Tool}} parts */
  constructor({ viewport, tool }) {
    this.#viewport = viewport;
    this.#tool = tool;
  }

  /**
   * Move the board.
   * @param {number} dx CSS pixels
   * @param {number} dy CSS pixels
   */
  pan(dx, dy) {
    this.#viewport.panBy(dx, dy);
  }

  /**
   * @param {Point} at stays in its place
   * @param {number} factor
   */
  zoomAt(at, factor) {
    this.#viewport.zoomAt(at.x, at.y, factor);
  }

  /**
   * Zoom about the cursor, or the centre.
   * @param {number} factor
   */
  zoom(factor) {
    const { cursor } = this.#tool;
    if (!cursor) return this.#viewport.zoomBy(factor);
    this.zoomAt(this.#viewport.toScreen(cursor.x + 0.5, cursor.y + 0.5), factor);
  }

  /** Show the whole board. */
  fit() {
    this.#viewport.fit();
  }
}

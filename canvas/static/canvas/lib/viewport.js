/** The viewport: the part of the board that is seen. CSS pixels on one side, cells on the other. */

import { Emitter } from "./emitter.js";

const LARGEST = 64; // CSS pixels a cell
const SMALLEST_BOARD = 96; // CSS pixels

/** @typedef {{x: number, y: number}} Point */

/** @extends {Emitter<{change: []}>} */
export class Viewport extends Emitter {
  /** Centre, in cells with fractions. */
  x = 0;
  /** Centre, in cells with fractions. */
  y = 0;
  /** CSS pixels a cell. */
  scale = 1;
  /** Of the window, in CSS pixels. */
  width = 0;
  /** Of the window, in CSS pixels. */
  height = 0;
  /** CSS pixels that are covered at the window's edges: the whole board is shown beside them. */
  insets = { top: 0, right: 0, bottom: 0, left: 0 };
  /** False until the size of the board is known. */
  hasBoard = false;
  #board = { width: 1, height: 1 };

  /** The scale at which the whole board is seen. */
  get fitting() {
    const { top, right, bottom, left } = this.insets;
    const wide = Math.max(this.width - left - right, SMALLEST_BOARD);
    const high = Math.max(this.height - top - bottom, SMALLEST_BOARD);
    return Math.min(wide / this.#board.width, high / this.#board.height);
  }

  get smallest() {
    const { width, height } = this.#board;
    return Math.min(1, this.fitting, SMALLEST_BOARD / Math.min(width, height));
  }

  get largest() {
    return LARGEST;
  }

  /**
   * Set the size of the window.
   * @param {number} width CSS pixels
   * @param {number} height CSS pixels
   */
  resize(width, height) {
    this.width = width;
    this.height = height;
    this.#settle();
  }

  /**
   * Set the size of the board.
   * @param {number} width in cells
   * @param {number} height in cells
   */
  setBoard(width, height) {
    this.hasBoard = true;
    this.#board = { width, height };
    this.#settle();
  }

  /**
   * Bring a cell to the centre.
   * @param {{x: number, y: number, scale?: number}} place
   */
  show({ x, y, scale = this.scale }) {
    this.x = x + 0.5;
    this.y = y + 0.5;
    this.scale = scale;
    this.#settle();
  }

  /** Show the whole board. */
  fit() {
    const { top, right, bottom, left } = this.insets;
    this.scale = this.#allowed(this.fitting);
    this.x = this.#board.width / 2 + (right - left) / 2 / this.scale;
    this.y = this.#board.height / 2 + (bottom - top) / 2 / this.scale;
    this.#settle();
  }

  /**
   * Move the board by CSS pixels: a drag to the right has `dx` > 0.
   * @param {number} dx
   * @param {number} dy
   */
  panBy(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.#settle();
  }

  /**
   * Zoom about a point, which stays in its place.
   * @param {number} px CSS pixels
   * @param {number} py CSS pixels
   * @param {number} factor
   */
  zoomAt(px, py, factor) {
    const before = this.toBoard(px, py);
    this.scale = this.#allowed(this.scale * factor);
    const after = this.toBoard(px, py);
    this.x += before.x - after.x;
    this.y += before.y - after.y;
    this.#settle();
  }

  /**
   * Zoom about the centre.
   * @param {number} factor
   */
  zoomBy(factor) {
    this.zoomAt(this.width / 2, this.height / 2, factor);
  }

  /**
   * Pan just so far that a cell lies in the inner part of the window.
   * @param {Point} cell
   * @param {number} [margin] share of the window at each edge
   */
  reveal({ x, y }, margin = 0.18) {
    const at = this.toScreen(x + 0.5, y + 0.5);
    const mx = this.width * margin;
    const my = this.height * margin;
    const dx = Math.max(mx - at.x, 0) - Math.max(at.x - (this.width - mx), 0);
    const dy = Math.max(my - at.y, 0) - Math.max(at.y - (this.height - my), 0);
    if (dx || dy) this.panBy(dx, dy);
  }

  /**
   * Return the position on the board under a CSS pixel, with fractions.
   * @param {number} px
   * @param {number} py
   * @returns {Point}
   */
  toBoard(px, py) {
    return {
      x: this.x + (px - this.width / 2) / this.scale,
      y: this.y + (py - this.height / 2) / this.scale,
    };
  }

  /**
   * Return the cell under a CSS pixel, null beside the board.
   * @param {number} px
   * @param {number} py
   * @returns {Point | null}
   */
  toCell(px, py) {
    const at = this.toBoard(px, py);
    const cell = { x: Math.floor(at.x), y: Math.floor(at.y) };
    const { width, height } = this.#board;
    return cell.x >= 0 && cell.y >= 0 && cell.x < width && cell.y < height ? cell : null;
  }

  /**
   * Return the CSS pixel of a position on the board.
   * @param {number} x
   * @param {number} y
   * @returns {Point}
   */
  toScreen(x, y) {
    return {
      x: this.width / 2 + (x - this.x) * this.scale,
      y: this.height / 2 + (y - this.y) * this.scale,
    };
  }

  /** The cell at the centre. */
  get centre() {
    return {
      x: clamp(Math.floor(this.x), 0, this.#board.width - 1),
      y: clamp(Math.floor(this.y), 0, this.#board.height - 1),
    };
  }

  /** @param {number} scale */
  #allowed(scale) {
    return clamp(scale, this.smallest, this.largest);
  }

  /** Keep the viewport in its bounds, and tell of the change. */
  #settle() {
    if (!Number.isFinite(this.scale)) this.scale = 1;
    if (this.width) this.scale = this.#allowed(this.scale);
    this.x = clamp(this.x, 0, this.#board.width);
    this.y = clamp(this.y, 0, this.#board.height);
    this.emit("change");
  }
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** Which part of the board is seen, and how large. CSS pixels on one side, cells on the other. */

import { Emitter } from "../lib/emitter.js";

const LARGEST = 64;
const SMALLEST_BOARD_PX = 96;

/** Emits `change`. */
export class Viewport extends Emitter {
  /** Centre of the view, in cells with fractions. */
  x = 0;
  y = 0;
  /** CSS pixels a cell. */
  scale = 1;
  /** Size of the window in CSS pixels. */
  width = 0;
  height = 0;
  /** What covers the window's edges, in CSS pixels: the whole board is shown beside it. */
  insets = { top: 0, right: 0, bottom: 0, left: 0 };
  /** False until the size of the board is known. */
  hasBoard = false;
  #board = { width: 1, height: 1 };

  /** @returns {number} the scale at which the whole board is seen */
  get fitting() {
    const { top, right, bottom, left } = this.insets;
    const wide = Math.max(this.width - left - right, SMALLEST_BOARD_PX);
    const high = Math.max(this.height - top - bottom, SMALLEST_BOARD_PX);
    return Math.min(wide / this.#board.width, high / this.#board.height);
  }

  get smallest() {
    const { width, height } = this.#board;
    return Math.min(1, this.fitting, SMALLEST_BOARD_PX / Math.min(width, height));
  }

  get largest() {
    return LARGEST;
  }

  resize(width, height) {
    this.width = width;
    this.height = height;
    this.#settle();
  }

  setBoard(width, height) {
    this.hasBoard = true;
    this.#board = { width, height };
    this.#settle();
  }

  /** @param {{x: number, y: number, scale?: number}} place a cell, brought to the centre */
  show({ x, y, scale = this.scale }) {
    this.x = x + 0.5;
    this.y = y + 0.5;
    this.scale = scale;
    this.#settle();
  }

  fit() {
    const { top, right, bottom, left } = this.insets;
    this.scale = this.#allowed(this.fitting);
    this.x = this.#board.width / 2 + (right - left) / 2 / this.scale;
    this.y = this.#board.height / 2 + (bottom - top) / 2 / this.scale;
    this.#settle();
  }

  /** Moves what is seen by CSS pixels: a drag to the right has dx > 0. */
  panBy(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.#settle();
  }

  /** Zooms so that the point under (px, py) stays where it is. */
  zoomAt(px, py, factor) {
    const before = this.toBoard(px, py);
    this.scale = this.#allowed(this.scale * factor);
    const after = this.toBoard(px, py);
    this.x += before.x - after.x;
    this.y += before.y - after.y;
    this.#settle();
  }

  zoomBy(factor) {
    this.zoomAt(this.width / 2, this.height / 2, factor);
  }

  /** Pans as little as brings the cell inside the inner part of the view. */
  reveal({ x, y }, margin = 0.18) {
    const at = this.toScreen(x + 0.5, y + 0.5);
    const mx = this.width * margin;
    const my = this.height * margin;
    const dx = Math.max(mx - at.x, 0) - Math.max(at.x - (this.width - mx), 0);
    const dy = Math.max(my - at.y, 0) - Math.max(at.y - (this.height - my), 0);
    if (dx || dy) this.panBy(dx, dy);
  }

  /** @returns {{x: number, y: number}} board position of a CSS pixel, with fractions */
  toBoard(px, py) {
    return {
      x: this.x + (px - this.width / 2) / this.scale,
      y: this.y + (py - this.height / 2) / this.scale,
    };
  }

  /** @returns {{x: number, y: number} | null} the cell under a CSS pixel */
  toCell(px, py) {
    const at = this.toBoard(px, py);
    const cell = { x: Math.floor(at.x), y: Math.floor(at.y) };
    const { width, height } = this.#board;
    return cell.x >= 0 && cell.y >= 0 && cell.x < width && cell.y < height ? cell : null;
  }

  /** @returns {{x: number, y: number}} CSS pixel of a board position */
  toScreen(x, y) {
    return {
      x: this.width / 2 + (x - this.x) * this.scale,
      y: this.height / 2 + (y - this.y) * this.scale,
    };
  }

  /** @returns {{x: number, y: number}} the cell at the centre */
  get centre() {
    return {
      x: clamp(Math.floor(this.x), 0, this.#board.width - 1),
      y: clamp(Math.floor(this.y), 0, this.#board.height - 1),
    };
  }

  #allowed(scale) {
    return clamp(scale, this.smallest, this.largest);
  }

  #settle() {
    if (!Number.isFinite(this.scale)) this.scale = 1;
    if (this.width) this.scale = this.#allowed(this.scale);
    this.x = clamp(this.x, 0, this.#board.width);
    this.y = clamp(this.y, 0, this.#board.height);
    this.emit("change");
  }
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

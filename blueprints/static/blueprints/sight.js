/** Sight: the view comes to lie so that nothing of the page covers what a person looks for. */

import { freePart, overlaps } from "./model/free_part.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Rect } from "./model/free_part.js"
 * @import { Region } from "../canvas/lib/framing.js"
 */

const COVERS = ".brand, .tools, .bp-strip, .corner > *, .panel";
const MARGIN = 8; // CSS pixels around what covers the board
const AROUND = 2; // cells that are seen on each side of a region
const SMALLEST = 1 / 16; // CSS pixels a cell

export class Sight {
  #host;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /**
   * Show a region as large as fits: in the middle of the window, or where something covers it
   * there, in the middle of the free part.
   * @param {Region} region
   * @param {number} most CSS pixels a cell
   */
  show(region, most) {
    const { viewport } = this.#host;
    const { x, y, width, height } = region;
    const window = this.#window;
    const wanted = { width: width + 2 * AROUND, height: height + 2 * AROUND };
    const free = freePart(window, this.#covers, wanted, most) ?? { ...window, scale: SMALLEST };
    const middle = { x: x + Math.floor(width / 2), y: y + Math.floor(height / 2) };
    viewport.show({ ...middle, scale: Math.max(SMALLEST, free.scale) });
    if (this.#isFree(region)) return;
    const at = viewport.toScreen(x + width / 2, y + height / 2);
    const { left, top, right, bottom } = free;
    // By whole cells, as addresses name the view: a reload leads to the same one.
    const dx = Math.round(((left + right) / 2 - at.x) / viewport.scale);
    const dy = Math.round(((top + bottom) / 2 - at.y) / viewport.scale);
    viewport.show({ x: middle.x - dx, y: middle.y - dy });
  }

  /**
   * Move the view where something covers the region, or where a part of it is out of sight.
   * @param {Region} region
   */
  uncover(region) {
    if (!this.#isFree(region)) this.show(region, this.#host.viewport.scale);
  }

  /** @param {Region} region */
  #isFree({ x, y, width, height }) {
    const { viewport } = this.#host;
    const from = viewport.toScreen(x, y);
    const to = viewport.toScreen(x + width, y + height);
    const rect = { left: from.x, top: from.y, right: to.x, bottom: to.y };
    const inside = from.x >= 0 && from.y >= 0;
    const within = inside && to.x <= viewport.width && to.y <= viewport.height;
    return within && !this.#covers.some((each) => overlaps(each, rect));
  }

  /** @returns {Rect} */
  get #window() {
    const { width, height } = this.#host.viewport;
    return { left: 0, top: 0, right: width, bottom: height };
  }

  /** Rectangles that cover the board now, with a margin. @returns {Rect[]} */
  get #covers() {
    const { stage, foot } = this.#host;
    const { left, top } = stage.getBoundingClientRect();
    return [...document.querySelectorAll(COVERS), foot.element]
      .map((part) => part.getBoundingClientRect())
      .filter(({ width, height }) => width > 0 && height > 0)
      .map((part) => ({
        left: part.left - left - MARGIN,
        top: part.top - top - MARGIN,
        right: part.right - left + MARGIN,
        bottom: part.bottom - top + MARGIN,
      }));
  }
}

/**
 * Return the cell in the middle of a blueprint, which a link to it names.
 * @param {{x: number, y: number, image: {width: number, height: number}}} blueprint
 */
export function middleOf({ x, y, image }) {
  const [column, row] = [x + (image.width >> 1), y + (image.height >> 1)];
  return { x: Math.max(0, column), y: Math.max(0, row) };
}

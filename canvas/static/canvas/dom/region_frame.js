/** The frame of a region of the board that is chosen: dragged from corner to corner, or by keys. */

import { Framing, inMiddleOf } from "../lib/framing.js";
import { make } from "./elements.js";

/**
 * @import { Region, Size } from "../lib/framing.js"
 *
 * @typedef {{x: number, y: number}} Point
 *
 * The view; CSS pixels count from its upper left corner.
 * @typedef {object} View
 * @property {(px: number, py: number) => Point} toBoard the position under a CSS pixel
 * @property {(x: number, y: number) => Point} toScreen the CSS pixel of a position
 * @property {number} width of the window, in CSS pixels
 * @property {number} height
 */

/**
 * Return the cells between two positions, as far as they are on the board; null where none is.
 * @param {Size} board
 * @param {Point} one
 * @param {Point} other
 * @returns {Region | null}
 */
export function regionBetween(board, one, other) {
  const x = Math.max(0, Math.floor(Math.min(one.x, other.x)));
  const y = Math.max(0, Math.floor(Math.min(one.y, other.y)));
  const right = Math.min(board.width, Math.ceil(Math.max(one.x, other.x)));
  const bottom = Math.min(board.height, Math.ceil(Math.max(one.y, other.y)));
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : null;
}

/**
 * Return the region that is seen.
 * @param {View} view
 * @param {Size} board
 */
export function regionSeen(view, board) {
  return regionBetween(board, view.toBoard(0, 0), view.toBoard(view.width, view.height));
}

export class RegionFrame {
  element = make("i", { className: "region-frame", hidden: true });
  #view;
  #board;
  #say;
  /** The point of the board at which the drag began. @type {Point | null} */
  #from = null;
  /** Set once a key was pressed. @type {Framing | null} */
  #framing = null;

  /**
   * @param {View} view
   * @param {Size} board
   * @param {(region: Region) => void} say what keys have framed
   */
  constructor(view, board, say) {
    this.#view = view;
    this.#board = board;
    this.#say = say;
  }

  /** @param {Point} at where a drag begins, in CSS pixels */
  begin(at) {
    this.#from = this.#view.toBoard(at.x, at.y);
    this.stretch(at);
  }

  /** @param {Point} at where the drag is now, in CSS pixels */
  stretch(at) {
    if (this.#from) this.#show(this.#between(this.#from, at));
  }

  /**
   * End the drag.
   * @param {Point} at in CSS pixels
   * @returns {Region | null} null where none of it is on the board
   */
  release(at) {
    const region = this.#from && this.#between(this.#from, at);
    this.drop();
    return region;
  }

  /** Give up what is framed. */
  drop() {
    this.#from = this.#framing = null;
    this.element.hidden = true;
  }

  /**
   * Frame as a key says: the first one only shows where the region begins, Enter then takes it.
   * @param {KeyboardEvent} event
   * @returns {Region | "framed" | null} the region that is taken; null for any other key
   */
  press(event) {
    const enters = event.key === "Enter";
    if (enters && this.#framing) return this.#framing.region;
    if (!enters && !event.key.startsWith("Arrow")) return null;
    if (!this.#framing) this.#framing = this.#first();
    else if (!this.#framing.press(event)) return null;
    this.#show(this.#framing.region);
    this.#say(this.#framing.region);
    return "framed";
  }

  #first() {
    const seen = regionSeen(this.#view, this.#board) ?? { x: 0, y: 0, ...this.#board };
    return new Framing(inMiddleOf(seen, this.#board), this.#board);
  }

  /**
   * @param {Point} from on the board
   * @param {Point} at in CSS pixels
   */
  #between(from, at) {
    return regionBetween(this.#board, from, this.#view.toBoard(at.x, at.y));
  }

  /** @param {Region | null} region */
  #show(region) {
    this.element.hidden = !region;
    if (!region) return;
    const { x, y, width, height } = region;
    const [from, to] = [this.#view.toScreen(x, y), this.#view.toScreen(x + width, y + height)];
    this.element.style.transform = `translate(${from.x}px, ${from.y}px)`;
    this.element.style.width = `${to.x - from.x}px`;
    this.element.style.height = `${to.y - from.y}px`;
  }
}

/** The choice of a region by a drag over the board. */

import { make } from "./dom.js";

/**
 * @import { Region } from "./film.js"
 *
 * @typedef {{x: number, y: number}} Point
 *
 * What is known of the view.
 * @typedef {object} View
 * @property {(px: number, py: number) => Point} toBoard the position under a CSS pixel
 * @property {number} width of the window, in CSS pixels
 * @property {number} height
 *
 * @typedef {{width: number, height: number}} Size in cells
 */

/**
 * Return the region between two points of the window, as far as it is on the board.
 * @param {View} view
 * @param {Size} board
 * @param {Point} from in CSS pixels
 * @param {Point} to
 * @returns {Region | null}
 */
export function regionBetween(view, board, from, to) {
  const [a, b] = [view.toBoard(from.x, from.y), view.toBoard(to.x, to.y)];
  const x = Math.max(0, Math.floor(Math.min(a.x, b.x)));
  const y = Math.max(0, Math.floor(Math.min(a.y, b.y)));
  const right = Math.min(board.width, Math.ceil(Math.max(a.x, b.x)));
  const bottom = Math.min(board.height, Math.ceil(Math.max(a.y, b.y)));
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : null;
}

/**
 * Return the region that is seen.
 * @param {View} view
 * @param {Size} board
 */
export function regionSeen(view, board) {
  return regionBetween(view, board, { x: 0, y: 0 }, { x: view.width, y: view.height });
}

/**
 * Let a person drag over the board.
 * @param {View} view
 * @param {Size} board
 * @param {string} words what to do
 * @returns {Promise<Region | null>} null when it was given up, by Escape or beside the board
 */
export function dragRegion(view, board, words) {
  const box = make("i", { className: "past-region" });
  const hint = make("p", { className: "past-hint card", textContent: words });
  const cover = make("div", { className: "past-cover", tabIndex: -1 }, box, hint);
  document.body.append(cover);
  cover.focus();
  return new Promise((resolve) => {
    /** @type {Point | null} */
    let start = null;
    /** @param {Region | null} region */
    const end = (region) => {
      cover.remove();
      resolve(region);
    };
    cover.addEventListener("pointerdown", (event) => {
      cover.setPointerCapture(event.pointerId);
      start = placeOf(event);
    });
    cover.addEventListener("pointermove", (event) => {
      if (start) frame(box, start, placeOf(event));
    });
    cover.addEventListener("pointerup", (event) => {
      end(start && regionBetween(view, board, start, placeOf(event)));
    });
    cover.addEventListener("pointercancel", () => end(null));
    cover.addEventListener("keydown", (event) => {
      if (event.key === "Escape") end(null);
    });
  });
}

/** @param {PointerEvent} event */
function placeOf({ clientX, clientY }) {
  return { x: clientX, y: clientY };
}

/**
 * @param {HTMLElement} box
 * @param {Point} from
 * @param {Point} to
 */
function frame({ style }, from, to) {
  style.left = `${Math.min(from.x, to.x)}px`;
  style.top = `${Math.min(from.y, to.y)}px`;
  style.width = `${Math.abs(to.x - from.x)}px`;
  style.height = `${Math.abs(to.y - from.y)}px`;
}

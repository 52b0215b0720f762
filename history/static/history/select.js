/** The choice of a region, by a drag over the board or by keys. */

import { Framing, inMiddleOf } from "../canvas/lib/framing.js";
import { make } from "./dom.js";

/**
 * @import { Region } from "./film.js"
 *
 * @typedef {{x: number, y: number}} Point
 *
 * What is known of the view.
 * @typedef {object} View
 * @property {(px: number, py: number) => Point} toBoard the position under a CSS pixel
 * @property {(x: number, y: number) => Point} toScreen the CSS pixel of a position
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
 * Let a person drag over the board, or frame a region by keys: arrows move it, with shift they size
 * it, Enter takes it.
 * @param {View} view
 * @param {Size} board
 * @param {{hint: string, say: (region: Region) => void}} words what to do, and what is framed
 * @returns {Promise<Region | null>} null when it was given up, by Escape or beside the board
 */
export function chooseRegion(view, board, { hint, say }) {
  const box = make("i", { className: "past-region" });
  const told = make("p", { className: "past-hint card", textContent: hint, id: "past-hint" });
  const cover = make("div", { className: "past-cover", tabIndex: -1, role: "application" });
  cover.setAttribute("aria-labelledby", told.id);
  cover.append(box, told);
  document.body.append(cover);
  cover.focus();
  return new Promise((resolve) => {
    /** @param {Region | null} region */
    const end = (region) => {
      cover.remove();
      resolve(region);
    };
    listenToDrag(cover, box, { view, board, end });
    listenToKeys(cover, box, { view, board, say, end });
  });
}

/**
 * @typedef {object} Choice
 * @property {View} view
 * @property {Size} board
 * @property {(region: Region | null) => void} end
 */

/**
 * @param {HTMLElement} cover
 * @param {HTMLElement} box
 * @param {Choice} choice
 */
function listenToDrag(cover, box, { view, board, end }) {
  /** @type {Point | null} */
  let start = null;
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
}

/**
 * @param {HTMLElement} cover
 * @param {HTMLElement} box
 * @param {Choice & {say: (region: Region) => void}} choice
 */
function listenToKeys(cover, box, { view, board, say, end }) {
  const seen = regionSeen(view, board) ?? { x: 0, y: 0, ...board };
  const framing = new Framing(inMiddleOf(seen, board), board);
  let framed = false;
  const show = () => {
    const { x, y, width, height } = framing.region;
    frame(box, view.toScreen(x, y), view.toScreen(x + width, y + height));
    say(framing.region);
    framed = true;
  };
  cover.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(null);
    else if (event.key === "Enter" && framed) end(framing.region);
    // The first key only shows where the region begins.
    else if (event.key === "Enter" || (!framed && event.key.startsWith("Arrow"))) show();
    else if (framing.press(event)) show();
    else return;
    event.preventDefault();
    event.stopPropagation();
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

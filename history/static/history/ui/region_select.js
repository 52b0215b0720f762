/** The choice of a region, by a drag over the board or by keys, with all else out of reach. */

import { RegionFrame } from "../../canvas/dom/region_frame.js";
import { make } from "./elements.js";

/**
 * @import { View } from "../../canvas/dom/region_frame.js"
 * @import { Region, Size } from "../../canvas/lib/framing.js"
 */

/**
 * Let a person drag over the board, or frame a region by keys: arrows move it, with shift they size
 * it, Enter takes it.
 * @param {View} view
 * @param {Size} board
 * @param {{hint: string, say: (region: Region) => void}} words what to do, and what is framed
 * @returns {Promise<Region | null>} null when it was given up, by Escape or beside the board
 */
export function chooseRegion(view, board, { hint, say }) {
  const frame = new RegionFrame(view, board, say);
  const told = make("p", { className: "past-hint card", textContent: hint, id: "past-hint" });
  const cover = make("div", { className: "past-cover", tabIndex: -1, role: "application" });
  cover.setAttribute("aria-labelledby", told.id);
  cover.append(frame.element, told);
  document.body.append(cover);
  cover.focus();
  return new Promise((resolve) => {
    listen(cover, frame, (region) => {
      cover.remove();
      resolve(region);
    });
  });
}

/**
 * @param {HTMLElement} cover
 * @param {RegionFrame} frame
 * @param {(region: Region | null) => void} end
 */
function listen(cover, frame, end) {
  cover.addEventListener("pointerdown", (event) => {
    cover.setPointerCapture(event.pointerId);
    frame.begin(placeOf(event));
  });
  cover.addEventListener("pointermove", (event) => frame.stretch(placeOf(event)));
  cover.addEventListener("pointerup", (event) => end(frame.release(placeOf(event))));
  cover.addEventListener("pointercancel", () => end(null));
  cover.addEventListener("keydown", (event) => {
    const pressed = event.key === "Escape" ? "given up" : frame.press(event);
    if (!pressed) return;
    event.preventDefault();
    event.stopPropagation();
    if (pressed !== "framed") end(pressed === "given up" ? null : pressed);
  });
}

/** @param {PointerEvent} event */
function placeOf({ clientX, clientY }) {
  return { x: clientX, y: clientY };
}

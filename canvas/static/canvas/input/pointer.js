/** The place of a pointer. */

/** @import { Point } from "../lib/gesture.js" */

/**
 * Return the place of a pointer in CSS pixels, from the corner of the element that listens.
 * @param {MouseEvent} event
 * @returns {Point}
 */
export function placeOf({ clientX, clientY, currentTarget }) {
  const { left, top } = /** @type {Element} */ (currentTarget).getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** The places of a pointer. */

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

/**
 * Return all places that a pointer went through since its last event, to the present one.
 * @param {PointerEvent} event
 * @returns {Point[]}
 */
export function placesOf(event) {
  const { x, y } = placeOf(event);
  // Only the event itself knows the element that listens.
  const [left, top] = [event.clientX - x, event.clientY - y];
  const between = event.getCoalescedEvents?.() ?? [];
  const places = between.map(({ clientX, clientY }) => ({ x: clientX - left, y: clientY - top }));
  return places.length ? places : [{ x, y }];
}

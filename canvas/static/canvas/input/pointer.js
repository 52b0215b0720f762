/** Where a pointer is on the board's window. */

/** @param {MouseEvent} event @returns {{x: number, y: number}} CSS pixels from its corner */
export function placeOf({ clientX, clientY, currentTarget }) {
  const { left, top } = currentTarget.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** The free part of the board: what lies open between all that covers it. */

/**
 * @typedef {{left: number, top: number, right: number, bottom: number}} Rect in CSS pixels
 * @typedef {{width: number, height: number}} Size
 */

/**
 * Return the free rectangle in which something is seen at the largest scale, at most `most`; of
 * several the one of the largest area. Return null where nothing is free.
 * @param {Rect} window
 * @param {Rect[]} covers
 * @param {Size} wanted in cells
 * @param {number} most CSS pixels a cell
 * @returns {(Rect & {scale: number}) | null}
 */
export function freePart(window, covers, wanted, most) {
  let best = null;
  let bestArea = 0;
  for (const rect of freeRects(window, covers)) {
    const [width, height] = [rect.right - rect.left, rect.bottom - rect.top];
    const scale = Math.min(most, width / wanted.width, height / wanted.height);
    const area = width * height;
    if (best && (scale < best.scale || (scale === best.scale && area <= bestArea))) continue;
    best = { ...rect, scale };
    bestArea = area;
  }
  return best;
}

/**
 * Yield the rectangles between edges of the window and of what covers it that nothing covers.
 * @param {Rect} window
 * @param {Rect[]} covers
 * @returns {Generator<Rect>}
 */
function* freeRects(window, covers) {
  for (const top of [window.top, ...covers.map((each) => each.bottom)]) {
    for (const bottom of [window.bottom, ...covers.map((each) => each.top)]) {
      if (top < window.top || bottom > window.bottom || top >= bottom) continue;
      const beside = covers.filter((each) => each.top < bottom && each.bottom > top);
      for (const left of [window.left, ...beside.map((each) => each.right)]) {
        for (const right of [window.right, ...beside.map((each) => each.left)]) {
          const rect = { left, top, right, bottom };
          if (left < window.left || right > window.right || left >= right) continue;
          if (!beside.some((each) => overlaps(each, rect))) yield rect;
        }
      }
    }
  }
}

/**
 * @param {Rect} one
 * @param {Rect} other
 */
export function overlaps(one, other) {
  const across = one.left < other.right && other.left < one.right;
  return across && one.top < other.bottom && other.top < one.bottom;
}

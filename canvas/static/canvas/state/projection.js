/** What is seen, in device pixels: where cells lie, and what a movement brings into sight. Pure. */

/**
 * The viewport in device pixels, and the range of cells that is seen.
 * @typedef {{ratio: number, pixel: number, left: number, top: number, width: number,
 *   height: number, x0: number, y0: number, x1: number, y1: number, board: object}} Projection
 * `pixel` is the size of a cell, `left` and `top` the board's corner: whole numbers, so that a
 * movement is one of whole device pixels.
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Area in device pixels
 * @typedef {import("./board.js").Rect} Rect
 */

/**
 * @param {import("./viewport.js").Viewport} viewport
 * @param {import("./board.js").Board} board
 * @param {{width: number, height: number}} size of the window in device pixels
 * @returns {Projection}
 */
export function project({ x, y, scale, width: cssWidth }, board, { width, height }) {
  const ratio = width / cssWidth;
  const pixel = scale * ratio;
  const left = Math.round(width / 2 - x * pixel);
  const top = Math.round(height / 2 - y * pixel);
  const projection = { ratio, pixel, left, top, width, height, board };
  return { ...projection, ...cellsIn(projection, { left: 0, top: 0, right: width, bottom: height }) };
}

/** @param {Projection} projection @param {Rect} cells @returns {Area} so that neighbours share an edge */
export function areaOf(projection, { x0, y0, x1, y1 }) {
  return {
    left: Math.round(projection.left + x0 * projection.pixel),
    top: Math.round(projection.top + y0 * projection.pixel),
    right: Math.round(projection.left + x1 * projection.pixel),
    bottom: Math.round(projection.top + y1 * projection.pixel),
  };
}

/** @param {Omit<Projection, keyof Rect>} projection @param {Area} area @returns {Rect} the cells that have a part in it */
export function cellsIn(projection, { left, top, right, bottom }) {
  const { board, pixel } = projection;
  return {
    x0: Math.max(0, Math.floor((left - projection.left) / pixel)),
    y0: Math.max(0, Math.floor((top - projection.top) / pixel)),
    x1: Math.min(board.width, Math.ceil((right - projection.left) / pixel)),
    y1: Math.min(board.height, Math.ceil((bottom - projection.top) / pixel)),
  };
}

/** @param {Rect} a @param {Rect} b @returns {Rect} */
export function overlap(a, b) {
  return {
    x0: Math.max(a.x0, b.x0), y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1), y1: Math.min(a.y1, b.y1),
  };
}

/**
 * What comes into sight at the edges when a picture of this size moves.
 * @param {{width: number, height: number}} size
 * @param {number} dx @param {number} dy whole device pixels
 * @returns {Area[]}
 */
export function uncoveredBy({ width, height }, dx, dy) {
  const areas = [
    { left: 0, top: 0, right: Math.min(dx, width), bottom: height },
    { left: Math.max(width + dx, 0), top: 0, right: width, bottom: height },
    { left: 0, top: 0, right: width, bottom: Math.min(dy, height) },
    { left: 0, top: Math.max(height + dy, 0), right: width, bottom: height },
  ];
  return areas.filter(({ left, top, right, bottom }) => left < right && top < bottom);
}

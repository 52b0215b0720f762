/** The projection of the board on the screen, in device pixels. */

import { TILE } from "./board.js";

/**
 * @import { Rect } from "./board.js"
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Area in device pixels
 * @typedef {{width: number, height: number}} Size
 *
 * The board's corner lies on whole device pixels, so that a movement is one of whole pixels.
 * @typedef {object} Origin
 * @property {number} left device pixels from the window's edge to the board's
 * @property {number} top
 * @property {number} pixel device pixels a cell
 * @property {Size} board in cells
 *
 * The range of cells that is seen is `x0` to `x1`, `y0` to `y1`.
 * @typedef {Rect & Origin & Size & {ratio: number}} Projection `ratio`: device pixels a CSS pixel
 */

/**
 * Project the board on a window.
 * @param {{x: number, y: number, scale: number, width: number}} viewport in CSS pixels
 * @param {Size} board in cells
 * @param {Size} window in device pixels
 * @returns {Projection}
 */
export function project({ x, y, scale, width: cssWidth }, board, { width, height }) {
  const ratio = width / cssWidth;
  const pixel = scale * ratio;
  const left = Math.round(width / 2 - x * pixel);
  const top = Math.round(height / 2 - y * pixel);
  const origin = { left, top, pixel, board };
  const seen = cellsIn(origin, { left: 0, top: 0, right: width, bottom: height });
  return { ...origin, ...seen, ratio, width, height };
}

/**
 * Return the area of some cells; neighbours share an edge.
 * @param {Origin} origin
 * @param {Rect} cells
 * @returns {Area}
 */
export function areaOf({ left, top, pixel }, { x0, y0, x1, y1 }) {
  return {
    left: Math.round(left + x0 * pixel),
    top: Math.round(top + y0 * pixel),
    right: Math.round(left + x1 * pixel),
    bottom: Math.round(top + y1 * pixel),
  };
}

/**
 * Return the cells that have a part in an area.
 * @param {Origin} origin
 * @param {Area} area
 * @returns {Rect}
 */
export function cellsIn(origin, { left, top, right, bottom }) {
  const { board, pixel } = origin;
  return {
    x0: Math.max(0, Math.floor((left - origin.left) / pixel)),
    y0: Math.max(0, Math.floor((top - origin.top) / pixel)),
    x1: Math.min(board.width, Math.ceil((right - origin.left) / pixel)),
    y1: Math.min(board.height, Math.ceil((bottom - origin.top) / pixel)),
  };
}

/**
 * Return the cells that two ranges share.
 * @param {Rect} a
 * @param {Rect} b
 * @returns {Rect}
 */
export function overlap(a, b) {
  return {
    x0: Math.max(a.x0, b.x0),
    y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
  };
}

/**
 * Return the ids of the tiles that have a part in some cells.
 * @param {{columns: number}} board
 * @param {Rect} cells
 */
export function tilesIn({ columns }, { x0, y0, x1, y1 }) {
  const tiles = [];
  for (let row = Math.floor(y0 / TILE); row * TILE < y1; row++) {
    for (let column = Math.floor(x0 / TILE); column * TILE < x1; column++) {
      tiles.push(row * columns + column);
    }
  }
  return tiles;
}

/**
 * Return the areas that come into sight at the edges when a picture of this size moves.
 * @param {Size} size in device pixels
 * @param {number} dx whole device pixels
 * @param {number} dy whole device pixels
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

/** The overlay on the board: grid, ghost, pending pixels, cursor. */

/** @import { Projection } from "../state/projection.js" */

const GRID_FROM = 7; // CSS pixels a cell
const GRID_FULL = 16; // CSS pixels a cell
const SMALLEST_MARK = 5; // CSS pixels

/**
 * @typedef {{x: number, y: number}} Cell
 * @typedef {{left: number, top: number, size: number}} Box in device pixels
 *
 * @typedef {object} Scene
 * @property {boolean} grid
 * @property {boolean} symbols
 * @property {Cell | null} ghost cell under the mouse
 * @property {Cell | null} cursor cell that waits for a confirmation
 * @property {string | null} color the chosen one, as CSS
 * @property {{x: number, y: number, color: string}[]} pending
 * @property {{x: number, y: number, color: string}[]} staged they wait to be sent
 * @property {Cell[]} refused
 */

/**
 * Draw the overlay anew.
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} projection
 * @param {Scene} scene
 */
export function drawOverlay(context, projection, scene) {
  context.clearRect(0, 0, projection.width, projection.height);
  drawEdge(context, projection);
  if (scene.grid) drawGrid(context, projection);
  for (const staged of scene.staged) drawStaged(context, projection, staged);
  for (const refused of scene.refused) drawRefused(context, projection, refused);
  for (const pending of scene.pending) drawPending(context, projection, pending);
  if (scene.ghost) drawGhost(context, projection, scene.ghost, scene.color);
  if (scene.cursor) drawCursor(context, projection, scene.cursor, scene.color);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} projection
 */
function drawEdge(context, projection) {
  const left = Math.round(projection.left);
  const top = Math.round(projection.top);
  const right = Math.round(projection.left + projection.board.width * projection.pixel);
  const bottom = Math.round(projection.top + projection.board.height * projection.pixel);
  context.strokeStyle = "rgb(0 0 0 / 0.28)";
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} projection
 */
function drawGrid(context, { left, top, pixel, ratio, x0, y0, x1, y1 }) {
  const strength = Math.min(1, (pixel / ratio - GRID_FROM) / (GRID_FULL - GRID_FROM));
  if (strength <= 0) return;
  /** @param {number} x */
  const across = (x) => Math.round(left + x * pixel);
  /** @param {number} y */
  const down = (y) => Math.round(top + y * pixel);
  const [width, height] = [across(x1) - across(x0), down(y1) - down(y0)];
  // Grey at half strength shows on white and on black alike.
  context.fillStyle = `rgb(128 128 128 / ${0.3 * strength})`;
  for (let x = x0 + 1; x < x1; x++) context.fillRect(across(x), down(y0), 1, height);
  for (let y = y0 + 1; y < y1; y++) context.fillRect(across(x0), down(y), width, 1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} projection
 * @param {Cell} cell
 * @param {string | null} color
 */
function drawGhost(context, projection, cell, color) {
  const box = boxOf(projection, cell);
  fillFaintly(context, box, color);
  outline(context, box, projection.ratio);
}

/**
 * Return a smaller box in the middle of another one.
 * @param {Box} box
 * @param {number} share of its size that stays free at each edge
 * @returns {Box}
 */
function within({ left, top, size }, share) {
  const inset = Math.max(1, Math.round(size * share));
  return { left: left + inset, top: top + inset, size: Math.max(2, size - 2 * inset) };
}

/**
 * Draw a pixel smaller than its cell: it must not be taken for drawn.
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} projection
 * @param {Cell & {color: string}} pending
 */
function drawPending(context, projection, pending) {
  const inner = within(boxOf(projection, pending), 0.22);
  fill(context, inner, pending.color);
  outline(context, inner, projection.ratio);
}

/**
 * Draw a pixel that waits to be sent: thin, and smaller than its cell.
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} projection
 * @param {Cell & {color: string}} staged
 */
function drawStaged(context, projection, staged) {
  const inner = within(boxOf(projection, staged), 0.12);
  fillFaintly(context, inner, staged.color);
  outline(context, inner, projection.ratio * 0.5);
}

/**
 * Cross out a cell.
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} projection
 * @param {Cell} cell
 */
function drawRefused(context, projection, cell) {
  const { left, top, size } = boxOf(projection, cell);
  const inset = Math.round(size * 0.2);
  const [near, far] = [inset, size - inset];
  context.beginPath();
  context.moveTo(left + near, top + near);
  context.lineTo(left + far, top + far);
  context.moveTo(left + far, top + near);
  context.lineTo(left + near, top + far);
  twoTone(context, projection.ratio);
}

/**
 * Draw four corners around a cell.
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} projection
 * @param {Cell} cell
 * @param {string | null} color
 */
function drawCursor(context, projection, cell, color) {
  const box = boxOf(projection, cell);
  fillFaintly(context, box, color);
  const gap = 2 * projection.ratio;
  const arm = Math.max(4 * projection.ratio, box.size * 0.3);
  const near = -gap;
  const far = box.size + gap;
  const ends = [
    [near, 1],
    [far, -1],
  ];
  context.beginPath();
  for (const [cx, sx] of ends) {
    for (const [cy, sy] of ends) {
      context.moveTo(box.left + cx + sx * arm, box.top + cy);
      context.lineTo(box.left + cx, box.top + cy);
      context.lineTo(box.left + cx, box.top + cy + sy * arm);
    }
  }
  twoTone(context, projection.ratio);
}

/**
 * Return the square of a cell, no smaller than a mark.
 * @param {Projection} projection
 * @param {Cell} cell
 * @returns {Box}
 */
function boxOf(projection, { x, y }) {
  const left = Math.round(projection.left + x * projection.pixel);
  const top = Math.round(projection.top + y * projection.pixel);
  const size = Math.round(projection.left + (x + 1) * projection.pixel) - left;
  const least = SMALLEST_MARK * projection.ratio;
  if (size >= least) return { left, top, size };
  const grow = Math.round((least - size) / 2);
  return { left: left - grow, top: top - grow, size: size + 2 * grow };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {string} color
 */
function fill(context, { left, top, size }, color) {
  context.fillStyle = color;
  context.fillRect(left, top, size, size);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {string | null} color
 */
function fillFaintly(context, box, color) {
  if (!color) return;
  context.globalAlpha = 0.8;
  fill(context, box, color);
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {number} ratio device pixels a CSS pixel
 */
function outline(context, { left, top, size }, ratio) {
  context.beginPath();
  context.rect(left - 0.5, top - 0.5, size + 1, size + 1);
  twoTone(context, ratio * 0.75);
}

/**
 * Stroke the path white over black, which is seen on every colour.
 * @param {CanvasRenderingContext2D} context
 * @param {number} ratio
 */
function twoTone(context, ratio) {
  context.lineCap = "square";
  context.strokeStyle = "rgb(0 0 0 / 0.75)";
  context.lineWidth = 3.5 * ratio;
  context.stroke();
  context.strokeStyle = "#fff";
  context.lineWidth = 1.5 * ratio;
  context.stroke();
}

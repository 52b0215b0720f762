/** What is drawn over the board: grid, ghost, pending pixels, cursor. */

const GRID_FROM = 7; // CSS pixels a cell
const GRID_FULL = 16;
const SMALLEST_MARK = 5;

/**
 * @typedef {import("./view.js").View} View
 * @typedef {object} Scene
 * @property {boolean} grid
 * @property {boolean} symbols
 * @property {{x: number, y: number} | null} ghost cell under the mouse
 * @property {{x: number, y: number} | null} cursor cell that waits for a confirmation
 * @property {string | null} color that is held, as CSS
 * @property {{x: number, y: number, color: string}[]} pending
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Scene} scene
 */
export function drawOverlay(context, view, scene) {
  context.clearRect(0, 0, view.width, view.height);
  drawEdge(context, view);
  if (scene.grid) drawGrid(context, view);
  for (const pending of scene.pending) drawPending(context, view, pending);
  if (scene.ghost) drawGhost(context, view, scene.ghost, scene.color);
  if (scene.cursor) drawCursor(context, view, scene.cursor, scene.color);
}

function drawEdge(context, view) {
  const left = Math.round(view.left);
  const top = Math.round(view.top);
  const right = Math.round(view.left + view.board.width * view.pixel);
  const bottom = Math.round(view.top + view.board.height * view.pixel);
  context.strokeStyle = "rgb(0 0 0 / 0.28)";
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
}

function drawGrid(context, view) {
  const scale = view.pixel / view.ratio;
  const strength = Math.min(1, (scale - GRID_FROM) / (GRID_FULL - GRID_FROM));
  if (strength <= 0) return;
  const at = (origin, cell) => Math.round(origin + cell * view.pixel);
  const [left, right] = [at(view.left, view.x0), at(view.left, view.x1)];
  const [top, bottom] = [at(view.top, view.y0), at(view.top, view.y1)];
  // Grey at half strength shows on white and on black alike.
  context.fillStyle = `rgb(128 128 128 / ${0.3 * strength})`;
  for (let x = view.x0 + 1; x < view.x1; x++) context.fillRect(at(view.left, x), top, 1, bottom - top);
  for (let y = view.y0 + 1; y < view.y1; y++) context.fillRect(left, at(view.top, y), right - left, 1);
}

function drawGhost(context, view, cell, color) {
  const box = boxOf(view, cell);
  if (color) {
    context.globalAlpha = 0.8;
    fill(context, box, color);
    context.globalAlpha = 1;
  }
  outline(context, box, view.ratio);
}

/** Smaller than its cell, so that nobody takes it for drawn. */
function drawPending(context, view, pending) {
  const box = boxOf(view, pending);
  const inset = Math.max(1, Math.round(box.size * 0.22));
  const inner = { left: box.left + inset, top: box.top + inset, size: Math.max(2, box.size - 2 * inset) };
  fill(context, inner, pending.color);
  outline(context, inner, view.ratio);
}

/** Four corners around the cell. */
function drawCursor(context, view, cell, color) {
  const box = boxOf(view, cell);
  if (color) {
    context.globalAlpha = 0.8;
    fill(context, box, color);
    context.globalAlpha = 1;
  }
  const gap = 2 * view.ratio;
  const arm = Math.max(4 * view.ratio, box.size * 0.3);
  const near = -gap;
  const far = box.size + gap;
  context.beginPath();
  for (const [cx, sx] of [[near, 1], [far, -1]]) {
    for (const [cy, sy] of [[near, 1], [far, -1]]) {
      context.moveTo(box.left + cx + sx * arm, box.top + cy);
      context.lineTo(box.left + cx, box.top + cy);
      context.lineTo(box.left + cx, box.top + cy + sy * arm);
    }
  }
  twoTone(context, view.ratio);
}

function boxOf(view, { x, y }) {
  const left = Math.round(view.left + x * view.pixel);
  const top = Math.round(view.top + y * view.pixel);
  const size = Math.round(view.left + (x + 1) * view.pixel) - left;
  const least = SMALLEST_MARK * view.ratio;
  if (size >= least) return { left, top, size };
  const grow = Math.round((least - size) / 2);
  return { left: left - grow, top: top - grow, size: size + 2 * grow };
}

function fill(context, { left, top, size }, color) {
  context.fillStyle = color;
  context.fillRect(left, top, size, size);
}

function outline(context, { left, top, size }, ratio) {
  context.beginPath();
  context.rect(left - 0.5, top - 0.5, size + 1, size + 1);
  twoTone(context, ratio * 0.75);
}

/** White over black: seen on every colour. */
function twoTone(context, ratio) {
  context.lineCap = "square";
  context.strokeStyle = "rgb(0 0 0 / 0.75)";
  context.lineWidth = 3.5 * ratio;
  context.stroke();
  context.strokeStyle = "#fff";
  context.lineWidth = 1.5 * ratio;
  context.stroke();
}

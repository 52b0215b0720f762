/** What is drawn over the board: grid, ghost, pending pixels, cursor. */

const GRID_FROM = 7; // CSS pixels a cell
const GRID_FULL = 16;
const SMALLEST_MARK = 5;

/**
 * @typedef {import("../state/projection.js").Projection} Projection
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
 * @param {Projection} projection
 * @param {Scene} scene
 */
export function drawOverlay(context, projection, scene) {
  context.clearRect(0, 0, projection.width, projection.height);
  drawEdge(context, projection);
  if (scene.grid) drawGrid(context, projection);
  for (const pending of scene.pending) drawPending(context, projection, pending);
  if (scene.ghost) drawGhost(context, projection, scene.ghost, scene.color);
  if (scene.cursor) drawCursor(context, projection, scene.cursor, scene.color);
}

function drawEdge(context, projection) {
  const left = Math.round(projection.left);
  const top = Math.round(projection.top);
  const right = Math.round(projection.left + projection.board.width * projection.pixel);
  const bottom = Math.round(projection.top + projection.board.height * projection.pixel);
  context.strokeStyle = "rgb(0 0 0 / 0.28)";
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
}

function drawGrid(context, projection) {
  const scale = projection.pixel / projection.ratio;
  const strength = Math.min(1, (scale - GRID_FROM) / (GRID_FULL - GRID_FROM));
  if (strength <= 0) return;
  const at = (origin, cell) => Math.round(origin + cell * projection.pixel);
  const [left, right] = [at(projection.left, projection.x0), at(projection.left, projection.x1)];
  const [top, bottom] = [at(projection.top, projection.y0), at(projection.top, projection.y1)];
  // Grey at half strength shows on white and on black alike.
  context.fillStyle = `rgb(128 128 128 / ${0.3 * strength})`;
  for (let x = projection.x0 + 1; x < projection.x1; x++) context.fillRect(at(projection.left, x), top, 1, bottom - top);
  for (let y = projection.y0 + 1; y < projection.y1; y++) context.fillRect(left, at(projection.top, y), right - left, 1);
}

function drawGhost(context, projection, cell, color) {
  const box = boxOf(projection, cell);
  if (color) {
    context.globalAlpha = 0.8;
    fill(context, box, color);
    context.globalAlpha = 1;
  }
  outline(context, box, projection.ratio);
}

/** Smaller than its cell, so that nobody takes it for drawn. */
function drawPending(context, projection, pending) {
  const box = boxOf(projection, pending);
  const inset = Math.max(1, Math.round(box.size * 0.22));
  const inner = { left: box.left + inset, top: box.top + inset, size: Math.max(2, box.size - 2 * inset) };
  fill(context, inner, pending.color);
  outline(context, inner, projection.ratio);
}

/** Four corners around the cell. */
function drawCursor(context, projection, cell, color) {
  const box = boxOf(projection, cell);
  if (color) {
    context.globalAlpha = 0.8;
    fill(context, box, color);
    context.globalAlpha = 1;
  }
  const gap = 2 * projection.ratio;
  const arm = Math.max(4 * projection.ratio, box.size * 0.3);
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
  twoTone(context, projection.ratio);
}

function boxOf(projection, { x, y }) {
  const left = Math.round(projection.left + x * projection.pixel);
  const top = Math.round(projection.top + y * projection.pixel);
  const size = Math.round(projection.left + (x + 1) * projection.pixel) - left;
  const least = SMALLEST_MARK * projection.ratio;
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

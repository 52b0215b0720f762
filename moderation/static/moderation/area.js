/** Selects a rectangle of the picture: by dragging, or by the four numbers, which always agree. */

const SIDES = ["x", "y", "width", "height"];

const board = document.querySelector("[data-area-board]");
const frame = board.querySelector("[data-area-frame]");
const size = { width: Number(board.dataset.width), height: Number(board.dataset.height) };
const inputs = Object.fromEntries(SIDES.map((side) => [side, document.getElementById(`id_${side}`)]));
let corner = null;

function clamp(value, lowest, highest) {
  return Math.min(Math.max(value, lowest), highest);
}

/** The cell under the pointer, the nearest one beside the board. */
function cellAt(event) {
  const box = board.getBoundingClientRect();
  const x = Math.floor(((event.clientX - box.left) / box.width) * size.width);
  const y = Math.floor(((event.clientY - box.top) / box.height) * size.height);
  return { x: clamp(x, 0, size.width - 1), y: clamp(y, 0, size.height - 1) };
}

function between(one, other) {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return { x, y, width: Math.abs(one.x - other.x) + 1, height: Math.abs(one.y - other.y) + 1 };
}

function readInputs() {
  return Object.fromEntries(SIDES.map((side) => [side, Number(inputs[side].value)]));
}

function writeInputs(area) {
  for (const side of SIDES) inputs[side].value = area[side];
}

function drawFrame() {
  const area = readInputs();
  const percent = (part, whole) => `${(part / whole) * 100}%`;
  frame.hidden = !(area.width > 0 && area.height > 0);
  frame.style.left = percent(area.x, size.width);
  frame.style.top = percent(area.y, size.height);
  frame.style.width = percent(area.width, size.width);
  frame.style.height = percent(area.height, size.height);
}

function select(event) {
  writeInputs(between(corner, cellAt(event)));
  drawFrame();
}

board.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  event.preventDefault();
  board.setPointerCapture(event.pointerId);
  corner = cellAt(event);
  select(event);
});
board.addEventListener("pointermove", (event) => corner && select(event));
for (const end of ["pointerup", "pointercancel"]) {
  board.addEventListener(end, () => {
    corner = null;
  });
}
for (const side of SIDES) inputs[side].addEventListener("input", drawFrame);
drawFrame();

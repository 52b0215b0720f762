/**
 * The selection of a rectangle of the picture: by dragging, or by four numbers, which agree. The
 * picture can be zoomed, and is panned by scrolling: on a large canvas a cell is less than a pixel.
 */

/**
 * @typedef {{x: number, y: number}} Cell
 * @typedef {Cell & {width: number, height: number}} Area in cells
 */

const SIDES = /** @type {const} */ (["x", "y", "width", "height"]);

const MAX_ZOOM = 32; // pixels a cell
const AROUND = 3; // times the selection, that are in view beside it

const view = find("[data-area-view]", HTMLElement);
const board = find("[data-area-board]", HTMLElement);
const frame = find("[data-area-frame]", HTMLElement);
const size = { width: Number(board.dataset.width), height: Number(board.dataset.height) };
const inputs = {
  x: find("#id_x", HTMLInputElement),
  y: find("#id_y", HTMLInputElement),
  width: find("#id_width", HTMLInputElement),
  height: find("#id_height", HTMLInputElement),
};

/** Pixels a cell; 0: the whole board is in view. */
let zoom = 0;

/** The cell at which a drag began. @type {Cell | null} */
let corner = null;

/**
 * @template {HTMLElement} Kind
 * @param {string} selector
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
function find(selector, kind) {
  const element = document.querySelector(selector);
  if (!(element instanceof kind)) throw new TypeError(`${selector} is not there`);
  return element;
}

/**
 * @param {number} value
 * @param {number} lowest
 * @param {number} highest
 */
function clamp(value, lowest, highest) {
  return Math.min(Math.max(value, lowest), highest);
}

/**
 * Return the cell under the pointer, the nearest one beside the board.
 * @param {PointerEvent} event
 * @returns {Cell}
 */
function cellAt(event) {
  const box = board.getBoundingClientRect();
  const x = Math.floor(((event.clientX - box.left) / box.width) * size.width);
  const y = Math.floor(((event.clientY - box.top) / box.height) * size.height);
  return { x: clamp(x, 0, size.width - 1), y: clamp(y, 0, size.height - 1) };
}

/**
 * Return the area with these two corners.
 * @param {Cell} one
 * @param {Cell} other
 * @returns {Area}
 */
function between(one, other) {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return { x, y, width: Math.abs(one.x - other.x) + 1, height: Math.abs(one.y - other.y) + 1 };
}

/** @param {Area} area */
function writeInputs(area) {
  for (const side of SIDES) inputs[side].value = String(area[side]);
}

/** Draw the frame around the area that the numbers name. */
function drawFrame() {
  const [x, y, width, height] = SIDES.map((side) => Number(inputs[side].value));
  frame.hidden = !(width > 0 && height > 0);
  frame.style.left = percent(x, size.width);
  frame.style.top = percent(y, size.height);
  frame.style.width = percent(width, size.width);
  frame.style.height = percent(height, size.height);
}

/**
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  return `${(part / whole) * 100}%`;
}

/** The zoom at which the whole board is as wide as the view. */
function wholeBoard() {
  return view.clientWidth / size.width;
}

/**
 * Zoom, with a cell in the middle of the view.
 * @param {number} next pixels a cell
 * @param {Cell} middle
 */
function zoomTo(next, middle) {
  zoom = next > wholeBoard() ? Math.min(next, MAX_ZOOM) : 0;
  view.classList.toggle("zoomed", zoom > 0);
  board.style.width = zoom ? `${size.width * zoom}px` : "";
  const scale = board.clientWidth / size.width;
  view.scrollTo(
    (middle.x + 0.5) * scale - view.clientWidth / 2,
    (middle.y + 0.5) * scale - view.clientHeight / 2,
  );
}

/** The cell in the middle of the view. @returns {Cell} */
function middleOfView() {
  const scale = board.clientWidth / size.width;
  return {
    x: (view.scrollLeft + view.clientWidth / 2) / scale,
    y: (view.scrollTop + view.clientHeight / 2) / scale,
  };
}

function zoomToSelection() {
  const [x, y, width, height] = SIDES.map((side) => Number(inputs[side].value));
  const longest = Math.max(width, height, 1) * AROUND;
  zoomTo(view.clientWidth / longest, { x: x + width / 2, y: y + height / 2 });
}

const ZOOMS = {
  in: () => zoomTo((zoom || wholeBoard()) * 2, middleOfView()),
  out: () => zoomTo(zoom / 2, middleOfView()),
  selection: zoomToSelection,
};

/** @param {PointerEvent} event */
function select(event) {
  if (!corner) return;
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
board.addEventListener("pointermove", select);
for (const end of ["pointerup", "pointercancel"]) {
  board.addEventListener(end, () => {
    corner = null;
  });
}
for (const side of SIDES) inputs[side].addEventListener("input", drawFrame);
drawFrame();
for (const [kind, change] of Object.entries(ZOOMS)) {
  find(`[data-zoom="${kind}"]`, HTMLButtonElement).addEventListener("click", change);
}
if (location.search) zoomToSelection();

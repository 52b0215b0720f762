/**
 * The selection of a rectangle of the picture: by dragging, or by four numbers, which agree. The
 * picture is zoomed and moved as the board is: on a large canvas a cell is less than a pixel.
 */

import { browserTimers } from "../canvas/dom/timers.js";
import { Gesture } from "../canvas/lib/gesture.js";
import { NamedTimers } from "../canvas/lib/named_timers.js";
import { Viewport } from "../canvas/lib/viewport.js";

/**
 * @import { Handlers, Point } from "../canvas/lib/gesture.js"
 *
 * @typedef {{x: number, y: number}} Cell
 * @typedef {Cell & {width: number, height: number}} Area in cells
 */

const SIDES = /** @type {const} */ (["x", "y", "width", "height"]);
const AROUND = 3; // times the selection, that are in view beside it
const STEP = 60; // CSS pixels of a press of an arrow
const NOTCH = 1.25; // of a zoom by the wheel
/** @type {Record<string, [dx: number, dy: number]>} */
const ARROWS = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

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
const viewport = new Viewport();

/** Whether the whole board is seen, and goes on being seen in a window of another size. */
let whole = true;
/** The cell at which a drag began. @type {Cell} */
let corner = { x: 0, y: 0 };
/** The numbers before the drag. @type {string[]} */
let before = [];

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
 * Return the cell at a place of the view, the nearest one beside the board.
 * @param {Point} at
 * @returns {Cell}
 */
function cellAt(at) {
  const { x, y } = viewport.toBoard(at.x, at.y);
  return { x: within(x, size.width), y: within(y, size.height) };
}

/**
 * @param {number} position
 * @param {number} end
 */
function within(position, end) {
  return Math.min(Math.max(Math.floor(position), 0), end - 1);
}

/**
 * Select the area with these two corners.
 * @param {Cell} one
 * @param {Cell} other
 */
function select(one, other) {
  inputs.x.value = String(Math.min(one.x, other.x));
  inputs.y.value = String(Math.min(one.y, other.y));
  inputs.width.value = String(Math.abs(one.x - other.x) + 1);
  inputs.height.value = String(Math.abs(one.y - other.y) + 1);
  drawFrame();
}

/** Draw the frame around the area that the numbers name. */
function drawFrame() {
  const [x, y, width, height] = selection();
  frame.hidden = !(width > 0 && height > 0);
  frame.style.left = percent(x, size.width);
  frame.style.top = percent(y, size.height);
  frame.style.width = percent(width, size.width);
  frame.style.height = percent(height, size.height);
}

function selection() {
  return SIDES.map((side) => Number(inputs[side].value));
}

/**
 * @param {number} part
 * @param {number} all
 */
function percent(part, all) {
  return `${(part / all) * 100}%`;
}

/** Put the picture where the viewport has it. */
function drawBoard() {
  const { x, y } = viewport.toScreen(0, 0);
  board.style.width = `${size.width * viewport.scale}px`;
  board.style.transform = `translate(${x}px, ${y}px)`;
}

/**
 * Zoom about a place of the view; not smaller than the whole board.
 * @param {Point} at
 * @param {number} factor
 */
function zoomAt(at, factor) {
  viewport.zoomAt(at.x, at.y, factor);
  whole = viewport.scale <= viewport.fitting;
  if (whole) viewport.fit();
}

/** @param {number} factor */
function zoomBy(factor) {
  zoomAt({ x: viewport.width / 2, y: viewport.height / 2 }, factor);
}

/**
 * @param {number} dx
 * @param {number} dy
 */
function pan(dx, dy) {
  if (!whole) viewport.panBy(dx, dy);
}

function zoomToSelection() {
  const [x, y, width, height] = selection();
  const longest = Math.max(width, height, 1) * AROUND;
  const scale = Math.min(viewport.width, viewport.height) / longest;
  whole = scale <= viewport.fitting;
  if (whole) viewport.fit();
  else viewport.show({ x: x + (width - 1) / 2, y: y + (height - 1) / 2, scale });
}

/** @param {MouseEvent} event */
function placeOf({ clientX, clientY }) {
  const { left, top } = view.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** Drags that select, as those that draw on the board do. @type {Handlers["stroke"]} */
const selecting = {
  ready: true,
  begin: (at) => {
    before = SIDES.map((side) => inputs[side].value);
    corner = cellAt(at);
  },
  to: (at) => select(corner, cellAt(at)),
  end: () => {},
  drop: () => {
    for (const [i, side] of SIDES.entries()) inputs[side].value = before[i];
    drawFrame();
  },
};

function listenToPointers() {
  const gesture = new Gesture(
    {
      tap: (at) => select(cellAt(at), cellAt(at)),
      hold: () => {},
      drag: pan,
      pinch: zoomAt,
      release: () => {},
      stroke: selecting,
    },
    new NamedTimers(browserTimers),
  );
  view.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    view.setPointerCapture(event.pointerId);
    gesture.down(event.pointerId, placeOf(event), event.shiftKey || event.button === 1);
  });
  view.addEventListener("pointermove", (event) => gesture.move(event.pointerId, placeOf(event)));
  view.addEventListener("pointerup", (event) => gesture.up(event.pointerId));
  view.addEventListener("pointercancel", (event) => gesture.cancel(event.pointerId));
  // Without this a middle click starts the browser's own scrolling.
  view.addEventListener("mousedown", (event) => {
    if (event.button === 1) event.preventDefault();
  });
  view.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoomAt(placeOf(event), NOTCH ** -Math.sign(event.deltaY));
    },
    { passive: false },
  );
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const [dx, dy] = ARROWS[event.key] ?? [0, 0];
  if (dx || dy) pan(dx, dy);
  else if (event.key === "+") zoomBy(2);
  else if (event.key === "-") zoomBy(0.5);
  else if (event.key === "0") zoomBy(0);
  else return;
  event.preventDefault();
}

const ZOOMS = { in: () => zoomBy(2), out: () => zoomBy(0.5), selection: zoomToSelection };

view.classList.add("live");
view.style.aspectRatio = `${size.width} / ${size.height}`;
viewport.setBoard(size.width, size.height);
viewport.on("change", drawBoard);
fitWindow();
new ResizeObserver(fitWindow).observe(view);
listenToPointers();
view.addEventListener("keydown", press);
for (const side of SIDES) inputs[side].addEventListener("input", drawFrame);
drawFrame();
for (const [kind, change] of Object.entries(ZOOMS)) {
  find(`[data-zoom="${kind}"]`, HTMLButtonElement).addEventListener("click", change);
}
if (location.search) zoomToSelection();

/** Give the viewport the size that the view has now. */
function fitWindow() {
  viewport.resize(view.clientWidth, view.clientHeight);
  if (whole) viewport.fit();
}

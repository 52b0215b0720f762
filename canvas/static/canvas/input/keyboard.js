/** Keys on the board, turned into actions: by what is printed on them. */

import { Digits, meaningOf } from "../lib/keys.js";
import { Stride } from "../lib/stride.js";
import { animate } from "./animation.js";

const PAN_SPEED = 0.9; // CSS pixels a ms
const LONGEST_STEP_MS = 50;
const BEYOND = 65_536; // cells: more than any board has side by side

/** @type {Partial<Record<string, [number, number]>>} */
const PAN = { w: [0, 1], a: [1, 0], s: [0, -1], d: [-1, 0] };

/** @type {Partial<Record<string, [number, number]>>} */
const ARROWS = { ArrowUp: [0, -1], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowRight: [1, 0] };

/** @type {Partial<Record<string, [number, number]>>} */
const EDGES = { Home: [-1, 0], End: [1, 0], PageUp: [0, -1], PageDown: [0, 1] };

const stride = new Stride();
const digits = new Digits();

/**
 * @typedef {object} KeyActions
 * @property {(dx: number, dy: number) => void} moveCursor by cells
 * @property {(dx: number, dy: number) => void} pan by CSS pixels
 * @property {(factor: number) => void} zoom
 * @property {() => void} fit
 * @property {() => void} placeHere
 * @property {() => void} pressHere
 * @property {() => void} undo
 * @property {() => void} openGoTo
 * @property {() => void} inspectHere
 * @property {() => void} pickHere
 * @property {() => void} cancel
 * @property {(index: number) => void} chooseColor
 * @property {(step: number) => void} stepColor
 * @property {(aid: "grid"|"minimap"|"symbols"|"stroke"|"quick") => void} toggle
 * @property {() => void} copyLink
 * @property {() => void} saveView
 * @property {() => void} openPeople
 * @property {(name: string) => void} extend opens or closes a feature of another app
 * @property {() => void} openHelp
 *
 * @typedef {(actions: KeyActions) => void} KeyAct
 */

/** The acts of keys, by their meaning. @type {Partial<Record<string, KeyAct>>} */
const ACTS = {
  Enter: (actions) => actions.placeHere(),
  Space: (actions) => actions.pressHere(),
  Escape: (actions) => actions.cancel(),
  "?": (actions) => actions.openHelp(),
  "+": (actions) => actions.zoom(1.5),
  "=": (actions) => actions.zoom(1.5),
  "-": (actions) => actions.zoom(1 / 1.5),
  e: (actions) => actions.zoom(1.5),
  q: (actions) => actions.zoom(1 / 1.5),
  j: (actions) => actions.stepColor(-1),
  k: (actions) => actions.stepColor(1),
  i: (actions) => actions.pickHere(),
  l: (actions) => actions.inspectHere(),
  g: (actions) => actions.toggle("grid"),
  m: (actions) => actions.toggle("minimap"),
  n: (actions) => actions.toggle("symbols"),
  b: (actions) => actions.toggle("stroke"),
  t: (actions) => actions.toggle("quick"),
  x: (actions) => actions.openGoTo(),
  f: (actions) => actions.fit(),
  c: (actions) => actions.copyLink(),
  p: (actions) => actions.saveView(),
  o: (actions) => actions.openPeople(),
  h: (actions) => actions.extend("history"),
  v: (actions) => actions.extend("blueprints"),
};
// Held down they would draw again and again.
const ONCE = ["Enter", "Space"];

/**
 * Turn keys into actions from now on, while the board has the focus (WCAG 2.1.4) or nothing has.
 * @param {HTMLElement} stage
 * @param {KeyActions} actions
 * @param {(act: () => void) => void} told does what a key stands for, and tells what it changed
 */
export function listenToKeys(stage, actions, told) {
  /** The keys that pan, by their code, with their meaning. @type {Map<string, string>} */
  const held = new Map();
  document.addEventListener("keydown", (event) => {
    if (event.target !== stage && event.target !== document.body) return;
    if (event.isComposing) return;
    const command = event.ctrlKey || event.metaKey || event.altKey;
    const act = command ? undoOf(event, actions) : actOf(event, actions, held);
    if (!act) return;
    event.preventDefault();
    told(act);
  });
  document.addEventListener("keyup", ({ code }) => held.delete(code));
  window.addEventListener("blur", () => held.clear());
}

/**
 * Return what a key with ctrl or command stands for.
 * @param {KeyboardEvent} event
 * @param {KeyActions} actions
 * @returns {(() => void) | null}
 */
function undoOf(event, actions) {
  const wanted = meaningOf(event) === "z" && !event.altKey && !event.shiftKey;
  return wanted ? () => actions.undo() : null;
}

/**
 * Return what a key stands for.
 * @param {KeyboardEvent} event
 * @param {KeyActions} actions
 * @param {Map<string, string>} held
 * @returns {(() => void) | null}
 */
function actOf(event, actions, held) {
  const meaning = meaningOf(event);
  const direction = ARROWS[meaning] ?? EDGES[meaning];
  if (direction) {
    const step = stepOf(event, meaning);
    return () => actions.moveCursor(direction[0] * step, direction[1] * step);
  }
  if (PAN[meaning]) return () => startPanning(event.code, meaning, actions, held);
  const place = digits.placeOf(event);
  if (place !== null) return () => actions.chooseColor(place);
  const act = ACTS[meaning];
  if (!act) return null;
  return () => {
    if (!event.repeat || !ONCE.includes(meaning)) act(actions);
  };
}

/**
 * Return the cells that a key moves the cursor by.
 * @param {KeyboardEvent} event
 * @param {string} meaning
 */
function stepOf({ shiftKey, timeStamp }, meaning) {
  if (EDGES[meaning]) return BEYOND;
  return shiftKey ? stride.step(meaning, timeStamp) : 1;
}

/**
 * @param {string} code of the key
 * @param {string} meaning
 * @param {KeyActions} actions
 * @param {Map<string, string>} held
 */
function startPanning(code, meaning, actions, held) {
  const running = held.size > 0;
  held.set(code, meaning);
  if (!running) animate((ms) => pan(Math.min(LONGEST_STEP_MS, ms), actions, held));
}

/**
 * Pan by the keys that are held.
 * @param {number} ms
 * @param {KeyActions} actions
 * @param {Map<string, string>} held
 * @returns {boolean} whether to go on
 */
function pan(ms, actions, held) {
  let dx = 0;
  let dy = 0;
  for (const meaning of held.values()) {
    const [x, y] = PAN[meaning] ?? [0, 0];
    dx += x;
    dy += y;
  }
  const far = (PAN_SPEED * ms) / (Math.hypot(dx, dy) || 1);
  actions.pan(dx * far, dy * far);
  return held.size > 0;
}

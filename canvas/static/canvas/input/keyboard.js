/** Keys on the board, turned into actions. Letters go by position, for every layout. */

import { Stride } from "../lib/stride.js";
import { animate } from "./animation.js";

const PAN_SPEED = 0.9; // CSS pixels a ms
const LONGEST_STEP_MS = 50;
const BEYOND = 65_536; // cells: more than any board has side by side

/** @type {Partial<Record<string, [number, number]>>} */
const PAN = { KeyW: [0, 1], KeyA: [1, 0], KeyS: [0, -1], KeyD: [-1, 0] };

/** @type {Partial<Record<string, [number, number]>>} */
const ARROWS = { ArrowUp: [0, -1], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowRight: [1, 0] };

/** @type {Partial<Record<string, [number, number]>>} */
const EDGES = { Home: [-1, 0], End: [1, 0], PageUp: [0, -1], PageDown: [0, 1] };

const stride = new Stride();

/**
 * @typedef {object} KeyActions
 * @property {(dx: number, dy: number) => void} moveCursor by cells
 * @property {(dx: number, dy: number) => void} pan by CSS pixels
 * @property {(factor: number) => void} zoom
 * @property {() => void} fit
 * @property {() => void} placeHere
 * @property {() => void} pressHere
 * @property {() => void} openGoTo
 * @property {() => void} undo
 * @property {() => void} inspectHere
 * @property {() => void} pickHere
 * @property {() => void} cancel
 * @property {(index: number) => void} chooseColor
 * @property {(step: number) => void} stepColor
 * @property {(aid: "grid"|"minimap"|"symbols"|"stroke"|"quick") => void} toggle
 * @property {() => void} copyLink
 * @property {() => void} saveView
 * @property {() => void} openPeople
 * @property {() => void} openHelp
 */

/** @type {Partial<Record<string, (actions: KeyActions) => void>>} */
const BY_CODE = {
  Enter: (actions) => actions.placeHere(),
  Space: (actions) => actions.pressHere(),
  Escape: (actions) => actions.cancel(),
  KeyE: (actions) => actions.zoom(1.5),
  KeyQ: (actions) => actions.zoom(1 / 1.5),
  KeyJ: (actions) => actions.stepColor(-1),
  KeyK: (actions) => actions.stepColor(1),
  KeyI: (actions) => actions.pickHere(),
  KeyL: (actions) => actions.inspectHere(),
  KeyG: (actions) => actions.toggle("grid"),
  KeyM: (actions) => actions.toggle("minimap"),
  KeyN: (actions) => actions.toggle("symbols"),
  KeyB: (actions) => actions.toggle("stroke"),
  KeyT: (actions) => actions.toggle("quick"),
  KeyX: (actions) => actions.openGoTo(),
  KeyF: (actions) => actions.fit(),
  KeyC: (actions) => actions.copyLink(),
  KeyP: (actions) => actions.saveView(),
  KeyO: (actions) => actions.openPeople(),
};

/** @type {Partial<Record<string, (actions: KeyActions) => void>>} */
const BY_KEY = {
  "?": (actions) => actions.openHelp(),
  "+": (actions) => actions.zoom(1.5),
  "=": (actions) => actions.zoom(1.5),
  "-": (actions) => actions.zoom(1 / 1.5),
};

/**
 * Turn keys into actions from now on, while the board has the focus (WCAG 2.1.4) or nothing has.
 * @param {HTMLElement} stage
 * @param {KeyActions} actions
 */
export function listenToKeys(stage, actions) {
  /** @type {Set<string>} */
  const held = new Set();
  document.addEventListener("keydown", (event) => {
    if (event.target !== stage && event.target !== document.body) return;
    const command = event.ctrlKey || event.metaKey || event.altKey;
    if (command ? undoes(event, actions) : handle(event, actions, held)) event.preventDefault();
  });
  document.addEventListener("keyup", ({ code }) => held.delete(code));
  window.addEventListener("blur", () => held.clear());
}

/**
 * Undo, where a key with ctrl or command stands for that.
 * @param {KeyboardEvent} event
 * @param {KeyActions} actions
 * @returns {boolean} whether it does
 */
function undoes({ key, altKey, shiftKey }, actions) {
  const wanted = key.toLowerCase() === "z" && !altKey && !shiftKey;
  if (wanted) actions.undo();
  return wanted;
}

/**
 * Do what a key stands for.
 * @param {KeyboardEvent} event
 * @param {KeyActions} actions
 * @param {Set<string>} held keys that pan
 * @returns {boolean} whether it stands for anything
 */
function handle(event, actions, held) {
  const { code, key, shiftKey } = event;
  const direction = ARROWS[code] ?? EDGES[code];
  if (direction) {
    const step = EDGES[code] ? BEYOND : shiftKey ? stride.step(code, event.timeStamp) : 1;
    actions.moveCursor(direction[0] * step, direction[1] * step);
  } else if (PAN[code]) {
    startPanning(code, actions, held);
  } else if (/^(Digit|Numpad)\d$/.test(code)) {
    const digit = Number(code.at(-1));
    actions.chooseColor(((digit + 9) % 10) + (shiftKey ? 10 : 0));
  } else {
    const act = BY_KEY[key] ?? BY_CODE[code];
    const repeated = event.repeat && act === BY_CODE[code] && /^(Enter|Space)$/.test(code);
    if (act && !repeated) act(actions);
    return Boolean(act);
  }
  return true;
}

/**
 * @param {string} code of the key
 * @param {KeyActions} actions
 * @param {Set<string>} held
 */
function startPanning(code, actions, held) {
  const running = held.size > 0;
  held.add(code);
  if (!running) animate((ms) => pan(Math.min(LONGEST_STEP_MS, ms), actions, held));
}

/**
 * Pan by the keys that are held.
 * @param {number} ms
 * @param {KeyActions} actions
 * @param {Set<string>} held
 * @returns {boolean} whether to go on
 */
function pan(ms, actions, held) {
  let dx = 0;
  let dy = 0;
  for (const code of held) {
    const [x, y] = PAN[code] ?? [0, 0];
    dx += x;
    dy += y;
  }
  const far = (PAN_SPEED * ms) / (Math.hypot(dx, dy) || 1);
  actions.pan(dx * far, dy * far);
  return held.size > 0;
}

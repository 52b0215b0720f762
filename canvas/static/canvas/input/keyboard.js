/** Keys on the board, turned into actions. Letters go by position, so every layout works. */

import { animate } from "./animation.js";

const PAN_SPEED = 0.9; // CSS pixels a ms
const PAN = { KeyW: [0, 1], KeyA: [1, 0], KeyS: [0, -1], KeyD: [-1, 0] };
const ARROWS = { ArrowUp: [0, -1], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowRight: [1, 0] };
const FAR = 10;

/** @type {Record<string, (actions: object) => void>} */
const BY_CODE = {
  Enter: (actions) => actions.placeHere(),
  Space: (actions) => actions.placeHere(),
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
  KeyF: (actions) => actions.fit(),
  KeyC: (actions) => actions.copyLink(),
  KeyP: (actions) => actions.saveView(),
  KeyO: (actions) => actions.openPeople(),
};

/** @type {Record<string, (actions: object) => void>} */
const BY_KEY = {
  "?": (actions) => actions.openHelp(),
  "+": (actions) => actions.zoom(1.5),
  "=": (actions) => actions.zoom(1.5),
  "-": (actions) => actions.zoom(1 / 1.5),
};

/**
 * Single keys count only while the board has the focus (WCAG 2.1.4), or nothing has.
 * @param {HTMLElement} stage
 * @param {object} actions
 */
export function listenToKeys(stage, actions) {
  const held = new Set();
  document.addEventListener("keydown", (event) => {
    if (event.target !== stage && event.target !== document.body) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (handle(event, actions, held)) event.preventDefault();
  });
  document.addEventListener("keyup", ({ code }) => held.delete(code));
  window.addEventListener("blur", () => held.clear());
}

/** @returns {boolean} whether the key meant something */
function handle(event, actions, held) {
  const { code, key, shiftKey } = event;
  if (ARROWS[code]) {
    const [dx, dy] = ARROWS[code];
    const step = shiftKey ? FAR : 1;
    actions.moveCursor(dx * step, dy * step);
  } else if (PAN[code]) {
    startPanning(code, actions, held);
  } else if (/^(Digit|Numpad)\d$/.test(code)) {
    const digit = Number(code.at(-1));
    actions.chooseColor((digit + 9) % 10 + (shiftKey ? 10 : 0));
  } else {
    const act = BY_KEY[key] ?? BY_CODE[code];
    if (act && !(event.repeat && act === BY_CODE[code] && /^(Enter|Space)$/.test(code))) act(actions);
    return Boolean(act);
  }
  return true;
}

function startPanning(code, actions, held) {
  const running = held.size > 0;
  held.add(code);
  if (!running) animate((ms) => pan(Math.min(50, ms), actions, held));
}

function pan(ms, actions, held) {
  const [dx, dy] = [...held].reduce(([x, y], key) => [x + PAN[key][0], y + PAN[key][1]], [0, 0]);
  const far = (PAN_SPEED * ms) / (Math.hypot(dx, dy) || 1);
  actions.pan(dx * far, dy * far);
  return held.size > 0;
}

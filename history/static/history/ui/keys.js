/** Keys on the bar, turned into acts. */

import { meaningOf } from "../../canvas/lib/keys.js";

/**
 * @import { Wish } from "../board/past_reader.js"
 *
 * @typedef {object} KeyActs
 * @property {(by: Wish) => void} step by so many ms, or placements
 * @property {() => void} begin
 * @property {() => void} end
 * @property {() => void} play or pause
 * @property {(step: 1 | -1) => void} faster or slower
 * @property {() => void} now
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** @type {Partial<Record<string, Wish>>} */
const STEPS = {
  ArrowLeft: { ms: -SECOND },
  ArrowRight: { ms: SECOND },
  ShiftArrowLeft: { ms: -MINUTE },
  ShiftArrowRight: { ms: MINUTE },
  PageDown: { ms: -HOUR },
  PageUp: { ms: HOUR },
  ArrowDown: { step: -1 },
  ArrowUp: { step: 1 },
};

/** @type {Partial<Record<string, (acts: KeyActs) => void>>} */
const ACTS = {
  Home: (acts) => acts.begin(),
  End: (acts) => acts.end(),
  Space: (acts) => acts.play(),
  "+": (acts) => acts.faster(1),
  "-": (acts) => acts.faster(-1),
};

/**
 * Turn keys into acts from now on: all of them on the track, few where something is typed.
 * @param {HTMLElement} bar
 * @param {HTMLElement} track
 * @param {KeyActs} acts
 */
export function listenToKeys(bar, track, acts) {
  bar.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actOf(event, track);
    if (!act) return;
    event.preventDefault();
    act(acts);
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} track
 * @returns {((acts: KeyActs) => void) | undefined}
 */
function actOf(event, track) {
  const meaning = meaningOf(event);
  const types =
    event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (meaning === "Escape" || (meaning === "h" && !types)) return (acts) => acts.now();
  if (event.target !== track) return undefined;
  const step = STEPS[`${event.shiftKey ? "Shift" : ""}${meaning}`] ?? STEPS[meaning];
  return step ? (acts) => acts.step(step) : ACTS[meaning];
}

/** Mouse, touch and pen on the board, turned into actions. */

import { Gesture } from "../lib/gesture.js";
import { Inertia } from "../lib/inertia.js";
import { NamedTimers } from "../lib/named_timers.js";
import { animate } from "./animation.js";
import { placeOf, placesOf } from "./pointer.js";

/**
 * @import { Handlers, Point, Strokes } from "../lib/gesture.js"
 * @import { Timers } from "../lib/named_timers.js"
 *
 * @typedef {object} PointerActions
 * @property {Strokes} stroke
 * @property {(at: Point, how: {touch: boolean, shift: boolean}) => void} tap
 * @property {(at: Point) => void} inspectAt
 * @property {(at: Point) => void} pickAt
 * @property {(at: Point | null) => void} hoverAt null: nowhere
 * @property {(dx: number, dy: number) => void} pan
 * @property {(at: Point, factor: number) => void} zoomAt
 */

/**
 * Turn pointers into actions from now on.
 * @param {HTMLElement} stage
 * @param {PointerActions} actions
 * @param {{matches: boolean}} calm whether motion is unwanted
 * @param {Timers} timers
 */
export function listenToPointers(stage, actions, calm, timers) {
  const inertia = new Inertia();
  const last = { press: { touch: false, shift: false, holds: false }, at: 0 };
  const handlers = gestureHandlers(stage, actions, calm, inertia, last);
  const gesture = new Gesture(handlers, new NamedTimers(timers));

  stage.addEventListener("pointerdown", (event) => {
    inertia.stop();
    if (picks(event)) return actions.pickAt(placeOf(event));
    if (event.button !== 0) return;
    const { pointerType, shiftKey: shift } = event;
    last.press = { touch: pointerType === "touch", shift, holds: pointerType !== "mouse" };
    last.at = event.timeStamp;
    stage.setPointerCapture(event.pointerId);
    gesture.down(event.pointerId, placeOf(event), event.shiftKey);
  });
  stage.addEventListener("pointermove", (event) => {
    last.at = event.timeStamp;
    // Only a stroke goes through the places in between.
    const places = gesture.dragging ? [placeOf(event)] : placesOf(event);
    for (const place of places) gesture.move(event.pointerId, place);
    // A finger hides what it points at; a pen does not.
    if (event.pointerType !== "touch") actions.hoverAt(gesture.dragging ? null : placeOf(event));
  });
  stage.addEventListener("pointerup", (event) => {
    last.at = event.timeStamp;
    gesture.up(event.pointerId);
  });
  stage.addEventListener("pointercancel", (event) => gesture.cancel(event.pointerId));
  stage.addEventListener("pointerleave", () => actions.hoverAt(null));
  stage.addEventListener("contextmenu", (event) => event.preventDefault());
  // Without this a middle click starts the browser's own scrolling.
  stage.addEventListener("mousedown", (event) => {
    if (event.button === 1) event.preventDefault();
  });
  stage.addEventListener("wheel", () => inertia.stop(), { passive: true });
}

/**
 * Tell whether a press picks a colour: by the right or the middle button, or with ctrl, which is
 * the right button of a mouse that has but one.
 * @param {PointerEvent} event
 */
function picks({ button, ctrlKey }) {
  return button === 1 || button === 2 || (button === 0 && ctrlKey);
}

/**
 * @param {HTMLElement} stage
 * @param {PointerActions} actions
 * @param {{matches: boolean}} calm
 * @param {Inertia} inertia
 * @param {{press: {touch: boolean, shift: boolean, holds: boolean}, at: number}} last the last
 *   press, and the ms at which the last event happened: a busy page handles it long after
 * @returns {Handlers}
 */
function gestureHandlers(stage, actions, calm, inertia, last) {
  return {
    tap: (at) => actions.tap(at, last.press),
    hold: (at) => {
      if (last.press.holds) actions.inspectAt(at);
    },
    drag: (dx, dy) => {
      inertia.moved(last.at, dx, dy);
      actions.pan(dx, dy);
      stage.classList.add("dragging");
    },
    stroke: actions.stroke,
    pinch: (at, factor) => actions.zoomAt(at, factor),
    release: () => {
      stage.classList.remove("dragging");
      if (calm.matches) inertia.stop();
      else coast(inertia, last.at, actions);
    },
  };
}

/**
 * Let the board move on by its inertia, to rest.
 * @param {Inertia} inertia
 * @param {number} released ms
 * @param {PointerActions} actions
 */
function coast(inertia, released, actions) {
  inertia.release(released);
  animate((ms) => {
    const { dx, dy } = inertia.step(ms);
    actions.pan(dx, dy);
    return inertia.moving;
  });
}

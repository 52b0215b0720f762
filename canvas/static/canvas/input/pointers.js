/** Mouse, touch and pen on the board, turned into actions. */

import { NamedTimers } from "../lib/named_timers.js";
import { animate } from "./animation.js";
import { Gesture } from "../lib/gesture.js";
import { Inertia } from "../lib/inertia.js";
import { placeOf } from "./pointer.js";

/**
 * @param {HTMLElement} stage
 * @param {object} actions
 * @param {{matches: boolean}} calm whether motion is unwanted
 * @param {import("../lib/named_timers.js").Timers} timers
 */
export function listenToPointers(stage, actions, calm, timers) {
  const inertia = new Inertia();
  let pressed = { touch: false, shift: false };
  const gesture = new Gesture({
    tap: (at) => actions.tap(at, pressed),
    hold: (at) => pressed.touch && actions.inspectAt(at),
    drag: (dx, dy) => {
      inertia.moved(performance.now(), dx, dy);
      actions.pan(dx, dy);
      stage.classList.add("dragging");
    },
    pinch: (at, factor) => actions.zoomAt(at, factor),
    release: () => {
      stage.classList.remove("dragging");
      if (calm.matches) inertia.stop();
      else coast(inertia, actions);
    },
  }, new NamedTimers(timers));

  stage.addEventListener("pointerdown", (event) => {
    inertia.stop();
    if (event.button === 1) return actions.pickAt(placeOf(event));
    if (event.button !== 0) return;
    pressed = { touch: event.pointerType !== "mouse", shift: event.shiftKey };
    stage.setPointerCapture(event.pointerId);
    gesture.down(event.pointerId, placeOf(event));
  });
  stage.addEventListener("pointermove", (event) => {
    gesture.move(event.pointerId, placeOf(event));
    if (event.pointerType === "mouse") actions.hoverAt(gesture.dragging ? null : placeOf(event));
  });
  stage.addEventListener("pointerup", (event) => gesture.up(event.pointerId));
  stage.addEventListener("pointercancel", (event) => gesture.cancel(event.pointerId));
  stage.addEventListener("pointerleave", () => actions.hoverAt(null));
  stage.addEventListener("contextmenu", (event) => event.preventDefault());
  // Without this a middle click starts the browser's own scrolling.
  stage.addEventListener("mousedown", (event) => event.button === 1 && event.preventDefault());
  stage.addEventListener("wheel", () => inertia.stop(), { passive: true });
}

function coast(inertia, actions) {
  inertia.release(performance.now());
  animate((ms) => {
    const { dx, dy } = inertia.step(ms);
    actions.pan(dx, dy);
    return inertia.moving;
  });
}

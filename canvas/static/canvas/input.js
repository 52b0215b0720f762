/** Mouse, touch and pen on the board, turned into actions. */

import { Alarms } from "./alarms.js";
import { animate } from "./frames.js";
import { Gesture } from "./gesture.js";
import { Glide } from "./glide.js";
import { placeOf } from "./pointer.js";

/**
 * @param {HTMLElement} stage
 * @param {import("./actions.js").Actions} actions
 * @param {{matches: boolean}} calm whether motion is unwanted
 * @param {import("./alarms.js").Timers} timers
 */
export function listenToPointers(stage, actions, calm, timers) {
  const glide = new Glide();
  let pressed = { touch: false, shift: false };
  const gesture = new Gesture({
    tap: (at) => actions.tap(at, pressed),
    hold: (at) => pressed.touch && actions.lookupAt(at),
    drag: (dx, dy) => {
      glide.moved(performance.now(), dx, dy);
      actions.pan(dx, dy);
      stage.classList.add("dragging");
    },
    pinch: (at, factor) => actions.zoomAt(at, factor),
    release: () => {
      stage.classList.remove("dragging");
      if (calm.matches) glide.stop();
      else letGlide(glide, actions);
    },
  }, new Alarms(timers));

  stage.addEventListener("pointerdown", (event) => {
    glide.stop();
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
  stage.addEventListener("wheel", () => glide.stop(), { passive: true });
}

function letGlide(glide, actions) {
  glide.release(performance.now());
  animate((ms) => {
    const { dx, dy } = glide.step(ms);
    actions.pan(dx, dy);
    return glide.moving;
  });
}

/** Zooming with the wheel, about the pointer; eased, unless motion is unwanted. */

import { Ease } from "../lib/ease.js";
import { animate } from "./animation.js";
import { placeOf } from "./pointer.js";

/** @import { Point } from "../lib/gesture.js" */

// Pixels that one line or page of a wheel is worth, where a browser counts in those.
const UNIT = [1, 33, 400];
const LARGEST = 240;
const SPEED = 0.0022;
// A pinch on a trackpad arrives as a wheel with ctrl, in much smaller steps.
const PINCH_SPEED = 0.0088;
// More than this at once is a notch of a mouse with ctrl held.
const LARGEST_PINCH = 0.22;
const LEAST = 0.001;

/**
 * Turn the wheel into zooming from now on.
 * @param {HTMLElement} stage
 * @param {{zoomAt: (at: Point, factor: number) => void}} actions
 * @param {{matches: boolean}} calm whether motion is unwanted
 */
export function listenToWheel(stage, actions, calm) {
  const ease = new Ease(LEAST);
  let at = { x: 0, y: 0 };
  /** @param {number} amount */
  const zoom = (amount) => actions.zoomAt(at, Math.exp(amount));
  /** @param {number} ms */
  const step = (ms) => {
    zoom(ease.step(ms));
    return ease.moving;
  };
  /** @param {WheelEvent} event */
  const turn = (event) => {
    event.preventDefault();
    at = placeOf(event);
    const amount = amountOf(event);
    // Fingers that pinch are smooth by themselves.
    if (calm.matches || isPinch(event)) return zoom(amount);
    if (!ease.moving) animate(step);
    ease.add(amount);
  };

  stage.addEventListener("wheel", turn, { passive: false });
  stage.addEventListener("pointerdown", () => ease.stop());
}

/**
 * Return the logarithm of the zoom factor that a turn of the wheel stands for.
 * @param {WheelEvent} event
 */
function amountOf(event) {
  return isPinch(event) ? -deltaOf(event) * PINCH_SPEED : -deltaOf(event) * SPEED;
}

/** @param {WheelEvent} event */
function isPinch(event) {
  return event.ctrlKey && Math.abs(deltaOf(event)) * PINCH_SPEED <= LARGEST_PINCH;
}

/** @param {WheelEvent} event */
function deltaOf({ deltaY, deltaMode }) {
  return Math.max(-LARGEST, Math.min(LARGEST, deltaY * UNIT[deltaMode]));
}

/** Zooming with the wheel, about the pointer; eased, unless motion is unwanted. */

import { Ease } from "../lib/ease.js";
import { animate } from "./animation.js";
import { placeOf } from "./pointer.js";

// What one line or page of a wheel is worth in pixels, where a browser counts in those.
const UNIT = [1, 33, 400];
const LARGEST = 240;
const SPEED = 0.0022;
// A pinch on a trackpad arrives as a wheel with ctrl, in much smaller steps.
const PINCH_SPEED = 0.0088;
const LEAST = 0.001;

/**
 * @param {HTMLElement} stage
 * @param {object} actions
 * @param {{matches: boolean}} calm whether motion is unwanted
 */
export function listenToWheel(stage, actions, calm) {
  const ease = new Ease(LEAST);
  let at = { x: 0, y: 0 };
  const zoom = (amount) => actions.zoomAt(at, Math.exp(amount));
  const step = (ms) => {
    zoom(ease.step(ms));
    return ease.moving;
  };

  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    at = placeOf(event);
    const amount = amountOf(event);
    // Fingers that pinch are smooth by themselves.
    if (calm.matches || event.ctrlKey) return zoom(amount);
    if (!ease.moving) animate(step);
    ease.add(amount);
  }, { passive: false });
  stage.addEventListener("pointerdown", () => ease.stop());
}

/** @param {WheelEvent} event @returns {number} the logarithm of a zoom factor */
function amountOf({ deltaY, deltaMode, ctrlKey }) {
  const bounded = Math.max(-LARGEST, Math.min(LARGEST, deltaY * UNIT[deltaMode]));
  return -bounded * (ctrlKey ? PINCH_SPEED : SPEED);
}

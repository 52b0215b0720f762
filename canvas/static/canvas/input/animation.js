/** Movement: one step an animation frame. */

/**
 * Call `step` in each animation frame for as long as it returns true.
 * @param {(ms: number) => boolean} step gets the time since the last one
 */
export function animate(step) {
  let before = performance.now();
  /** @param {number} now */
  const frame = (now) => {
    // The first frame may have begun before it was asked for.
    const passed = Math.max(0, now - before);
    before = now;
    if (step(passed)) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

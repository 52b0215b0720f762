/** Movement: one step an animation frame. */

/** @param {(ms: number) => boolean} step is told the time since the last one; whether to go on */
export function animate(step) {
  let before = performance.now();
  const frame = (now) => {
    // The first frame may have begun before it was asked for.
    const passed = Math.max(0, now - before);
    before = now;
    if (step(passed)) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

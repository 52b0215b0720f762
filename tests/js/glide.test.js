import assert from "node:assert/strict";
import { test } from "node:test";

import { Glide } from "../../canvas/static/canvas/glide.js";

function thrown() {
  const glide = new Glide();
  for (let t = 0; t <= 60; t += 10) glide.moved(t, 10, 0);
  glide.release(60);
  return glide;
}

test("a drag that is let go in motion goes on, slower and slower, to rest", () => {
  const glide = thrown();
  let far = 0;
  let before = Infinity;
  for (let steps = 0; glide.moving; steps++) {
    assert.ok(steps < 200);
    const { dx, dy } = glide.step(16);
    assert.ok(dx > 0 && dx < before && dy === 0);
    before = dx;
    far += dx;
  }
  assert.ok(far > 50 && far < 500, `glided ${far}`);
});

test("a drag that rested before it was let go stays", () => {
  const glide = new Glide();
  glide.moved(0, 50, 0);
  glide.release(500);
  assert.equal(glide.moving, false);
});

test("it stops when it is stopped", () => {
  const glide = thrown();
  glide.stop();
  assert.deepEqual(glide.step(16), { dx: 0, dy: 0 });
});

test("no throw is faster than the eye", () => {
  const glide = new Glide();
  glide.moved(0, 10_000, -10_000);
  glide.release(1);
  assert.deepEqual([glide.vx, glide.vy], [6, -6]);
});

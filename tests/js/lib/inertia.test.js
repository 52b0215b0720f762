import assert from "node:assert/strict";
import { test } from "node:test";

import { Inertia } from "../../../canvas/static/canvas/lib/inertia.js";

function thrown() {
  const inertia = new Inertia();
  for (let t = 0; t <= 60; t += 10) inertia.moved(t, 10, 0);
  inertia.release(60);
  return inertia;
}

test("a drag that is let go in motion goes on, slower and slower, to rest", () => {
  const inertia = thrown();
  let far = 0;
  let before = Infinity;
  for (let steps = 0; inertia.moving; steps++) {
    assert.ok(steps < 200);
    const { dx, dy } = inertia.step(16);
    assert.ok(dx > 0 && dx < before && dy === 0);
    before = dx;
    far += dx;
  }
  assert.ok(far > 50 && far < 500, `moved ${far}`);
});

test("a drag that rested before it was let go stays", () => {
  const inertia = new Inertia();
  inertia.moved(0, 50, 0);
  inertia.release(500);
  assert.equal(inertia.moving, false);
});

test("it stops when it is stopped", () => {
  const inertia = thrown();
  inertia.stop();
  assert.deepEqual(inertia.step(16), { dx: 0, dy: 0 });
});

test("no throw is faster than the eye", () => {
  const inertia = new Inertia();
  inertia.moved(0, 10_000, -10_000);
  inertia.release(1);
  assert.deepEqual([inertia.vx, inertia.vy], [6, -6]);
});

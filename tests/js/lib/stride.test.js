import assert from "node:assert/strict";
import { test } from "node:test";

import { Stride } from "../../../canvas/static/canvas/lib/stride.js";

test("steps in quick succession double, so that the edge of the largest board is near", () => {
  const stride = new Stride();
  const steps = Array.from({ length: 12 }, (_, index) => stride.step("right", 100 * index));
  assert.deepEqual(steps.slice(0, 5), [10, 10, 20, 40, 80]);
  assert.ok(steps.reduce((sum, step) => sum + step) > 8192);
});

test("another direction, or a pause, begins anew", () => {
  const stride = new Stride();
  for (const at of [0, 100, 200, 300]) stride.step("right", at);
  assert.equal(stride.step("left", 350), 10);
  assert.equal(stride.step("left", 400), 10);
  assert.equal(stride.step("left", 450), 20);
  assert.equal(stride.step("left", 900), 10);
});

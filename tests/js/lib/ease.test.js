import assert from "node:assert/strict";
import { test } from "node:test";

import { Ease } from "../../../canvas/static/canvas/lib/ease.js";

test("all of an amount is handed out, most of it first", () => {
  const ease = new Ease(0.001);
  ease.add(1);
  const due = [];
  while (ease.moving) due.push(ease.step(16));
  assert.ok(Math.abs(due.reduce((sum, part) => sum + part, 0) - 1) < 1e-9);
  assert.ok(due[0] > due[1] && due[1] > due[2]);
});

test("what comes meanwhile is added, the other way too", () => {
  const ease = new Ease(0.001);
  ease.add(1);
  const first = ease.step(16);
  ease.add(-2);
  let sum = first;
  while (ease.moving) sum += ease.step(16);
  assert.ok(Math.abs(sum + 1) < 1e-9);
});

test("stopped, it owes nothing", () => {
  const ease = new Ease(0.001);
  ease.add(1);
  ease.stop();
  assert.equal(ease.moving, false);
  assert.equal(ease.step(16), 0);
});

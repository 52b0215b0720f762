import assert from "node:assert/strict";
import { test } from "node:test";

import { Alarms } from "../../canvas/static/canvas/alarms.js";
import { FakeTime } from "./support.js";

test("an alarm set again replaces the first", async () => {
  const time = new FakeTime();
  const alarms = new Alarms(time.timers);
  const rung = [];
  alarms.set("tea", 100, () => rung.push("first"));
  alarms.set("tea", 200, () => rung.push("second"));
  await time.pass(500);
  assert.deepEqual(rung, ["second"]);
});

test("it tells how long it takes until it rings", async () => {
  const time = new FakeTime();
  const alarms = new Alarms(time.timers);
  assert.equal(alarms.left("tea"), null);
  alarms.set("tea", 100, () => {});
  await time.pass(30);
  assert.equal(alarms.left("tea"), 70);
  await time.pass(70);
  assert.equal(alarms.left("tea"), null);
});

test("it can be rung early, once", async () => {
  const time = new FakeTime();
  const alarms = new Alarms(time.timers);
  let rung = 0;
  alarms.set("tea", 100, () => rung++);
  alarms.ring("tea");
  alarms.ring("tea");
  await time.pass(500);
  assert.equal(rung, 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { NamedTimers } from "../../../canvas/static/canvas/lib/named_timers.js";
import { FakeTime } from "../support.js";

test("a timer set again replaces the first", async () => {
  const time = new FakeTime();
  const timers = new NamedTimers(time.timers);
  /** @type {string[]} */
  const fired = [];
  timers.set("retry", 100, () => fired.push("first"));
  timers.set("retry", 200, () => fired.push("second"));
  await time.pass(500);
  assert.deepEqual(fired, ["second"]);
});

test("it tells how long it takes until it fires", async () => {
  const time = new FakeTime();
  const timers = new NamedTimers(time.timers);
  assert.equal(timers.left("retry"), null);
  timers.set("retry", 100, () => {});
  await time.pass(30);
  assert.equal(timers.left("retry"), 70);
  await time.pass(70);
  assert.equal(timers.left("retry"), null);
});

test("it can be fired early, once", async () => {
  const time = new FakeTime();
  const timers = new NamedTimers(time.timers);
  let fired = 0;
  timers.set("retry", 100, () => fired++);
  timers.fire("retry");
  timers.fire("retry");
  await time.pass(500);
  assert.equal(fired, 1);
});

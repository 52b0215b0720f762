import assert from "node:assert/strict";
import { test } from "node:test";

import { DEADLINE_MS, inTime, later } from "../../../canvas/static/canvas/lib/late.js";
import { FakeTime, settle } from "../support.js";

/** @returns {Promise<string>} */
const never = () => new Promise(() => {});

test("a wait ends at its deadline, and not before", async () => {
  const time = new FakeTime();
  let ended = "";
  inTime(never(), time.timers).catch((error) => {
    ended = error.message;
  });
  await time.pass(DEADLINE_MS - 1);
  assert.equal(ended, "");
  await time.pass(1);
  assert.equal(ended, "late");
});

test("what comes, or fails, leaves no timer behind", async () => {
  const time = new FakeTime();
  let set = 0;
  const timers = {
    set: (/** @type {() => void} */ act, /** @type {number} */ ms) => {
      set += 1;
      return time.timers.set(act, ms);
    },
    clear: (/** @type {number} */ id) => {
      set -= 1;
      time.timers.clear(id);
    },
  };
  assert.equal(await inTime(Promise.resolve(7), timers), 7);
  await assert.rejects(inTime(Promise.reject(new Error("lost")), timers), /lost/);
  assert.equal(set, 0);
});

test("a module that never came is asked for by its other address", async () => {
  const time = new FakeTime();
  const asked = { first: 0, other: 0 };
  const load = later(
    () => {
      asked.first += 1;
      return never();
    },
    () => {
      asked.other += 1;
      return Promise.resolve("here");
    },
  );
  const first = load(time.timers).catch(() => "late");
  await time.pass(DEADLINE_MS);
  assert.equal(await first, "late");
  assert.equal(await load(time.timers), "here");
  assert.deepEqual(asked, { first: 2, other: 1 });
});

test("a module that was only slow serves the next attempt", async () => {
  const time = new FakeTime();
  /** @type {(words: string) => void} */
  let arrive = () => {};
  const coming = new Promise((resolve) => {
    arrive = resolve;
  });
  const load = later(() => coming, never);
  const first = load(time.timers).catch(() => "late");
  await time.pass(DEADLINE_MS);
  assert.equal(await first, "late");
  arrive("here");
  assert.equal(await load(time.timers), "here");
});

test("a module that comes is asked for at one address", async () => {
  const load = later(
    () => Promise.resolve("here"),
    () => assert.fail("it came"),
  );
  const { timers } = new FakeTime();
  assert.equal(await load(timers), "here");
  assert.equal(await load(timers), "here");
  await settle();
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Charges } from "../../../canvas/static/canvas/state/charges.js";

const EVERY = 1000;

/** Charges of a person who can save three, and a clock to turn. */
function three() {
  const time = { now: 0 };
  const charges = new Charges(() => time.now);
  charges.configure(3, EVERY);
  return { time, charges };
}

test("one comes back after each cooldown, and no more than can be saved", () => {
  const { time, charges } = three();
  charges.set(0, 400);
  const seen = [0, 399, 400, 1399, 1400, 2400, 9000].map((now) => {
    time.now = now;
    return charges.left;
  });
  assert.deepEqual(seen, [0, 0, 1, 1, 2, 3, 3]);
});

test("the next one is as far as it is until all are there", () => {
  const { time, charges } = three();
  charges.set(0, 400);
  assert.equal(charges.untilNext, 400);
  time.now = 600;
  assert.equal(charges.untilNext, 800);
  time.now = 2400;
  assert.equal(charges.untilNext, null);
});

test("what is on its way keeps its time when another one is spent", () => {
  const { time, charges } = three();
  charges.set(2, 0);
  time.now = 600;
  charges.set(1, 0);
  assert.equal(charges.untilNext, 400);
});

test("nothing is promised before a whole cooldown when the time is not known", () => {
  const { time, charges } = three();
  charges.set(1, 0);
  time.now = EVERY - 1;
  assert.equal(charges.left, 1);
});

test("without a cooldown all are there at once", () => {
  const charges = new Charges(() => 0);
  charges.configure(3, 0);
  charges.set(1, 0);
  assert.deepEqual([charges.left, charges.untilNext], [3, null]);
});

test("with one, it is there or it is not", () => {
  const { time, charges } = three();
  charges.configure(1, EVERY);
  charges.set(0, 700);
  assert.equal(charges.left, 0);
  time.now = 700;
  assert.deepEqual([charges.left, charges.untilNext], [1, null]);
});

test("who can save more has more at once, and keeps waiting for what was spent", () => {
  const { time, charges } = three();
  charges.set(2, 0);
  charges.configure(5, EVERY);
  assert.equal(charges.left, 4);
  charges.configure(1, EVERY);
  assert.equal(charges.left, 0);
  time.now = EVERY;
  assert.equal(charges.left, 1);
});

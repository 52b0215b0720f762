import assert from "node:assert/strict";
import { test } from "node:test";
import { Gesture } from "../../../canvas/static/canvas/lib/gesture.js";
import { NamedTimers } from "../../../canvas/static/canvas/lib/named_timers.js";
import { FakeTime } from "../support.js";

function gestures() {
  const time = new FakeTime();
  /** @type {unknown[]} */
  const did = [];
  const gesture = new Gesture(
    {
      tap: (at) => did.push(["tap", at.x, at.y]),
      hold: (at) => did.push(["hold", at.x, at.y]),
      drag: (dx, dy) => did.push(["drag", dx, dy]),
      pinch: (at, factor) => did.push(["pinch", at.x, at.y, factor]),
      release: () => did.push(["release"]),
      stroke: {
        ready: false,
        begin: () => did.push(["begin"]),
        to: () => did.push(["to"]),
        end: () => did.push(["end"]),
        drop: () => did.push(["drop"]),
      },
    },
    new NamedTimers(time.timers),
  );
  return { time, gesture, did };
}

test("down and up is a tap where it went down", () => {
  const { gesture, did } = gestures();
  gesture.down(1, { x: 10, y: 10 });
  gesture.move(1, { x: 13, y: 14 });
  gesture.up(1);
  assert.deepEqual(did, [["tap", 10, 10]]);
});

test("past five pixels it is a drag, and never a tap again", () => {
  const { gesture, did } = gestures();
  gesture.down(1, { x: 10, y: 10 });
  gesture.move(1, { x: 16, y: 10 });
  gesture.move(1, { x: 10, y: 10 });
  gesture.up(1);
  assert.deepEqual(did, [["drag", 6, 0], ["drag", -6, 0], ["release"]]);
});

test("half a second of rest is a hold, and no tap follows", async () => {
  const { gesture, did, time } = gestures();
  gesture.down(1, { x: 1, y: 2 });
  await time.pass(500);
  gesture.up(1);
  assert.deepEqual(did, [["hold", 1, 2]]);
});

test("a drag is never a hold", async () => {
  const { gesture, did, time } = gestures();
  gesture.down(1, { x: 0, y: 0 });
  gesture.move(1, { x: 20, y: 0 });
  await time.pass(1_000);
  assert.deepEqual(did, [["drag", 20, 0]]);
});

test("two fingers pan with their middle and zoom with their distance", () => {
  const { gesture, did } = gestures();
  gesture.down(1, { x: 0, y: 0 });
  gesture.down(2, { x: 100, y: 0 });
  gesture.move(2, { x: 200, y: 0 });
  assert.deepEqual(did, [
    ["drag", 50, 0],
    ["pinch", 100, 0, 2],
  ]);
});

test("the finger that stays after a pinch pans without a jump, and draws nothing", () => {
  const { gesture, did } = gestures();
  gesture.down(1, { x: 0, y: 0 });
  gesture.down(2, { x: 100, y: 0 });
  gesture.up(2);
  gesture.move(1, { x: 3, y: 0 });
  gesture.up(1);
  assert.deepEqual(did, [["drag", 3, 0], ["release"]]);
});

test("a second finger ends a hold that was waiting", async () => {
  const { gesture, did, time } = gestures();
  gesture.down(1, { x: 0, y: 0 });
  gesture.down(2, { x: 9, y: 0 });
  await time.pass(1_000);
  assert.deepEqual(did, []);
});

test("a cancelled pointer means nothing", () => {
  const { gesture, did } = gestures();
  gesture.down(1, { x: 0, y: 0 });
  gesture.cancel(1);
  gesture.up(1);
  assert.deepEqual(did, []);
});

test("moves of a pointer that is not down are no drag", () => {
  const { gesture, did } = gestures();
  gesture.move(1, { x: 50, y: 50 });
  assert.deepEqual(did, []);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Framing, inMiddleOf } from "../../../canvas/static/canvas/lib/framing.js";

const BOARD = { width: 100, height: 60 };

/**
 * @param {Framing} framing
 * @param {string} key
 * @param {{shift?: boolean, repeat?: boolean, at?: number}} [how]
 */
function press(framing, key, { shift = false, repeat = false, at = 0 } = {}) {
  return framing.press({ key, shiftKey: shift, repeat, timeStamp: at });
}

test("a region begins in the middle of what is seen, on the board", () => {
  const seen = { x: 10, y: 20, width: 30, height: 12 };
  assert.deepEqual(inMiddleOf(seen, BOARD), { x: 20, y: 24, width: 10, height: 4 });
  const tiny = { x: 99, y: 59, width: 1, height: 1 };
  assert.deepEqual(inMiddleOf(tiny, BOARD), { x: 99, y: 59, width: 1, height: 1 });
  const whole = { x: 0, y: 0, ...BOARD };
  assert.deepEqual(inMiddleOf(whole, { width: 1, height: 1 }), { x: 0, y: 0, width: 1, height: 1 });
});

test("arrows move it, shift and arrows size it, and both end at the edges", () => {
  const framing = new Framing({ x: 1, y: 1, width: 3, height: 2 }, BOARD);
  assert.ok(press(framing, "ArrowLeft"));
  assert.ok(press(framing, "ArrowLeft"));
  assert.ok(press(framing, "ArrowDown"));
  assert.deepEqual(framing.region, { x: 0, y: 2, width: 3, height: 2 });
  press(framing, "ArrowRight", { shift: true });
  press(framing, "ArrowUp", { shift: true });
  press(framing, "ArrowUp", { shift: true });
  assert.deepEqual(framing.region, { x: 0, y: 2, width: 4, height: 1 });
  assert.equal(press(framing, "a"), false);
});

test("a key that is held goes ever farther, and no farther than the board", () => {
  const framing = new Framing({ x: 0, y: 0, width: 10, height: 10 }, BOARD);
  const ends = [];
  for (let at = 0; at < 5; at++) {
    press(framing, "ArrowRight", { shift: true, repeat: true, at });
    ends.push(framing.region.width);
  }
  assert.deepEqual(ends, [20, 30, 50, 90, 100]);
  for (let at = 0; at < 9; at++) press(framing, "ArrowDown", { repeat: true, at });
  assert.deepEqual(framing.region, { x: 0, y: 50, width: 100, height: 10 });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { regionBetween, regionSeen } from "../../../canvas/static/canvas/dom/region_frame.js";

const BOARD = { width: 100, height: 60 };

test("a region has each cell that the drag touches, whichever way it goes", () => {
  const [one, other] = [
    { x: 12.9, y: 30.1 },
    { x: 10.2, y: 31.5 },
  ];
  const region = { x: 10, y: 30, width: 3, height: 2 };
  assert.deepEqual(regionBetween(BOARD, one, other), region);
  assert.deepEqual(regionBetween(BOARD, other, one), region);
  assert.deepEqual(regionBetween(BOARD, one, one), { x: 12, y: 30, width: 1, height: 1 });
});

test("it ends at the edges of the board, and beside it there is none", () => {
  const whole = regionBetween(BOARD, { x: -5, y: -5 }, { x: 105.5, y: 70 });
  assert.deepEqual(whole, { x: 0, y: 0, ...BOARD });
  assert.equal(regionBetween(BOARD, { x: -5, y: 3 }, { x: -1, y: 9 }), null);
  assert.equal(regionBetween(BOARD, { x: 100.5, y: 3 }, { x: 120, y: 9 }), null);
});

test("what is seen is a region too", () => {
  /** @param {number} by */
  const moved = (by) => ({
    width: 40,
    height: 20,
    toBoard: (/** @type {number} */ x, /** @type {number} */ y) => ({ x: x / 4 + by, y: y / 4 }),
    toScreen: (/** @type {number} */ x, /** @type {number} */ y) => ({ x, y }),
  });
  assert.deepEqual(regionSeen(moved(95.5), BOARD), { x: 95, y: 0, width: 5, height: 5 });
  assert.equal(regionSeen(moved(200), BOARD), null);
});

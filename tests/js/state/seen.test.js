import assert from "node:assert/strict";
import { test } from "node:test";
import { Viewport } from "../../../canvas/static/canvas/lib/viewport.js";
import { regionSeen } from "../../../canvas/static/canvas/state/seen.js";

/** @param {{x: number, y: number, scale: number}} place */
function viewportAt(place) {
  const viewport = new Viewport();
  viewport.setBoard(1000, 1000);
  viewport.resize(1280, 720);
  viewport.show(place);
  return viewport;
}

const BOARD = { width: 1000, height: 1000 };

test("the region that is seen has whole cells, as large as on the screen", () => {
  const region = regionSeen(viewportAt({ x: 500, y: 500, scale: 20 }), BOARD, 1);
  assert.deepEqual(region, { x: 468, y: 482, width: 65, height: 37, scale: 20 });
});

test("it ends with the board", () => {
  const region = regionSeen(viewportAt({ x: 0, y: 999, scale: 20 }), BOARD, 1);
  assert.deepEqual(region, { x: 0, y: 981, width: 33, height: 19, scale: 20 });
});

test("it has no more pixels than the server draws, and at least one a cell", () => {
  assert.equal(regionSeen(viewportAt({ x: 500, y: 500, scale: 20 }), BOARD, 3)?.scale, 29);
  assert.equal(regionSeen(viewportAt({ x: 500, y: 500, scale: 0.7 }), BOARD, 1)?.scale, 1);
});

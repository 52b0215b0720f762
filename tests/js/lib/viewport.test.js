import assert from "node:assert/strict";
import { test } from "node:test";

import { Viewport } from "../../../canvas/static/canvas/lib/viewport.js";

function viewport() {
  const made = new Viewport();
  made.resize(800, 600);
  made.setBoard(1000, 1000);
  made.show({ x: 500, y: 500, scale: 10 });
  return made;
}

/**
 * @param {number} actual
 * @param {number} expected
 */
function near(actual, expected) {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

test("the cell that is shown is at the centre", () => {
  assert.deepEqual(viewport().toCell(400, 300), { x: 500, y: 500 });
  assert.deepEqual(viewport().centre, { x: 500, y: 500 });
});

test("screen and board positions are each other's inverse", () => {
  const made = viewport();
  for (const [x, y] of [
    [0, 0],
    [123.4, 56.7],
    [800, 600],
  ]) {
    const at = made.toBoard(x, y);
    const back = made.toScreen(at.x, at.y);
    near(back.x, x);
    near(back.y, y);
  }
});

test("zooming keeps the point under the pointer", () => {
  const made = viewport();
  const before = made.toBoard(100, 500);
  for (const factor of [2, 0.3, 1.7]) made.zoomAt(100, 500, factor);
  const after = made.toBoard(100, 500);
  near(after.x, before.x);
  near(after.y, before.y);
});

test("dragging moves the board with the pointer", () => {
  const made = viewport();
  made.panBy(100, -50);
  assert.deepEqual(made.centre, { x: 490, y: 505 });
});

test("the scale has bounds, and the centre stays on the board", () => {
  const made = viewport();
  made.zoomBy(1e9);
  assert.equal(made.scale, made.largest);
  made.zoomBy(1e-9);
  assert.equal(made.scale, made.smallest);
  made.panBy(1e9, -1e9);
  assert.deepEqual([made.x, made.y], [0, 1000]);
  assert.deepEqual(made.centre, { x: 0, y: 999 });
});

test("outside of the board there is no cell", () => {
  const made = viewport();
  made.show({ x: 0, y: 999 });
  assert.equal(made.toCell(394, 300), null);
  assert.equal(made.toCell(400, 306), null);
  assert.deepEqual(made.toCell(396, 304), { x: 0, y: 999 });
});

test("the whole board fits beside what covers the edges", () => {
  const made = viewport();
  made.insets = { top: 80, right: 10, bottom: 160, left: 10 };
  made.fit();
  near(made.scale, 0.36);
  near(made.toScreen(0, 0).y, 80);
  near(made.toScreen(0, 1000).y, 440);
  near(made.toScreen(500, 0).x, 400);
});

test("a window without a size breaks nothing", () => {
  const made = new Viewport();
  made.resize(0, 0);
  made.setBoard(10, 10);
  made.fit();
  assert.ok(Number.isFinite(made.scale) && made.scale > 0);
});

test("a cell outside of the view is brought into it, one inside moves nothing", () => {
  const made = viewport();
  const { x } = made;
  made.reveal({ x: 505, y: 505 });
  assert.equal(made.x, x);
  made.reveal({ x: 600, y: 500 });
  const at = made.toScreen(600.5, 500.5);
  assert.ok(at.x > 0 && at.x < 800);
});

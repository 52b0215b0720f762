import assert from "node:assert/strict";
import { test } from "node:test";

import { Stroke } from "../../../canvas/static/canvas/lib/stroke.js";

/** @param {...[number, number]} points on the board */
function cellsThrough(...points) {
  const [[x, y], ...rest] = points;
  const stroke = new Stroke({ x, y });
  for (const [toX, toY] of rest) stroke.to({ x: toX, y: toY });
  return stroke.cells.map((cell) => [cell.x, cell.y]);
}

test("a press that does not move is one cell", () => {
  assert.deepEqual(cellsThrough([3.2, 4.9]), [[3, 4]]);
  assert.deepEqual(cellsThrough([3.2, 4.9], [3.4, 4.1]), [[3, 4]]);
});

test("a fast hand leaves no gap", () => {
  const across = cellsThrough([0.5, 2.5], [19.5, 2.5]);
  assert.deepEqual(
    across,
    Array.from({ length: 20 }, (_, x) => [x, 2]),
  );
  const steep = cellsThrough([0.5, 0.5], [7.5, 19.5]).map(([, y]) => y);
  assert.deepEqual([...new Set(steep)], [...Array(20).keys()]);
});

test("backwards it is the same way", () => {
  const there = cellsThrough([1.3, 2.6], [9.7, 5.1]);
  const back = cellsThrough([9.7, 5.1], [1.3, 2.6]);
  assert.deepEqual(back.reverse(), there);
});

test("a diagonal cuts no corners, and a corner that is turned stays", () => {
  const diagonal = cellsThrough([0.5, 0.6], [5.5, 5.6]);
  assert.deepEqual(
    diagonal,
    [0, 1, 2, 3, 4, 5].map((at) => [at, at]),
  );
  assert.deepEqual(cellsThrough([0.5, 0.5], [1.5, 0.5], [1.5, 1.5]), [
    [0, 0],
    [1, 0],
    [1, 1],
  ]);
});

test("a line along an edge, or through a corner, is a line", () => {
  assert.deepEqual(cellsThrough([0, 1], [3, 1]), [
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
  assert.deepEqual(cellsThrough([0, 0], [2, 2]), [
    [0, 0],
    [1, 1],
  ]);
});

test("the same cell comes once, and a scribble has a bound", () => {
  assert.deepEqual(cellsThrough([0.5, 0.5], [1.5, 0.5], [0.5, 0.5]), [
    [0, 0],
    [1, 0],
  ]);
  assert.equal(cellsThrough([0.5, 0.5], [5000.5, 0.5]).length, 1024);
});

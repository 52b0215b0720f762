import assert from "node:assert/strict";
import { test } from "node:test";

import {
  areaOf,
  cellsIn,
  overlap,
  project,
  uncoveredBy,
} from "../../../canvas/static/canvas/state/projection.js";

const BOARD = { width: 1000, height: 500 };
const WINDOW = { width: 400, height: 300 };

/**
 * Project on a window of 400 x 300 CSS pixels at a ratio of one.
 * @param {number} x
 * @param {number} y
 * @param {number} scale
 */
function at(x, y, scale) {
  return project({ x, y, scale, ...WINDOW }, BOARD, WINDOW);
}

test("the corner of the board lies on a whole device pixel", () => {
  for (const x of [100, 100.3, 100.49, 100.77]) {
    const { left, top } = at(x, x / 3, 0.37);
    assert.ok(Number.isInteger(left) && Number.isInteger(top));
  }
});

test("device pixels are more than CSS pixels on a dense screen", () => {
  const dense = project({ x: 100, y: 100, scale: 2, ...WINDOW }, BOARD, {
    width: 800,
    height: 600,
  });
  assert.deepEqual([dense.ratio, dense.pixel, dense.left, dense.top], [2, 4, 0, -100]);
});

test("the cells that are seen end with the board", () => {
  const { x0, y0, x1, y1 } = at(0, 500, 2);
  assert.deepEqual({ x0, y0, x1, y1 }, { x0: 0, y0: 425, x1: 100, y1: 500 });
});

test("neighbours share an edge", () => {
  const seen = at(333.3, 200, 0.37);
  for (let x = 300; x < 340; x++) {
    const area = areaOf(seen, { x0: x, y0: 0, x1: x + 1, y1: 1 });
    assert.equal(area.right, areaOf(seen, { x0: x + 1, y0: 0, x1: x + 2, y1: 1 }).left);
  }
});

test("the cells of an area cover it", () => {
  const seen = at(500, 250, 0.37);
  const area = { left: 30, top: 60, right: 90, bottom: 200 };
  const covered = areaOf(seen, cellsIn(seen, area));
  assert.ok(
    covered.left <= 30 && covered.top <= 60 && covered.right >= 90 && covered.bottom >= 200,
  );
});

test("two ranges of cells overlap where both are", () => {
  const a = { x0: 0, y0: 0, x1: 10, y1: 10 };
  assert.deepEqual(overlap(a, { x0: 4, y0: -3, x1: 20, y1: 6 }), { x0: 4, y0: 0, x1: 10, y1: 6 });
});

test("a picture that moves and what it uncovers fill the window at every movement", () => {
  const size = { width: 12, height: 8 };
  for (let dx = -14; dx <= 14; dx++) {
    for (let dy = -10; dy <= 10; dy++) {
      const areas = uncoveredBy(size, dx, dy);
      for (let x = 0; x < size.width; x++) {
        for (let y = 0; y < size.height; y++) {
          const moved = x >= dx && x < size.width + dx && y >= dy && y < size.height + dy;
          const drawn = areas.some((a) => x >= a.left && x < a.right && y >= a.top && y < a.bottom);
          assert.equal(drawn, !moved, `(${x}, ${y}) after (${dx}, ${dy})`);
        }
      }
    }
  }
});

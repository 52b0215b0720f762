import assert from "node:assert/strict";
import { test } from "node:test";
import { freePart, overlaps } from "../../../blueprints/static/blueprints/model/free_part.js";
import { wholeFrom } from "./support.js";

/** @import { Rect } from "../../../blueprints/static/blueprints/model/free_part.js" */

const WINDOW = { left: 0, top: 0, right: 40, bottom: 60 };

/**
 * @param {number} left
 * @param {number} top
 * @param {number} right
 * @param {number} bottom
 */
const rect = (left, top, right, bottom) => ({ left, top, right, bottom });

/**
 * Return the largest scale at which a rectangle without a covered pixel has room, by brute force.
 * @param {Rect[]} covers
 * @param {{width: number, height: number}} wanted
 */
function bestByForce(covers, wanted) {
  let best = 0;
  for (let top = 0; top < WINDOW.bottom; top++)
    for (let bottom = top + 1; bottom <= WINDOW.bottom; bottom++)
      for (let left = 0; left < WINDOW.right; left++)
        for (let right = WINDOW.right; right > left; right--) {
          const scale = Math.min((right - left) / wanted.width, (bottom - top) / wanted.height);
          if (scale <= best) break;
          if (!covers.some((each) => overlaps(each, rect(left, top, right, bottom)))) best = scale;
        }
  return best;
}

test("between a header and a dock it is what lies between them", () => {
  const covers = [rect(0, -5, 40, 10), rect(0, 45, 40, 70)];
  const found = freePart(WINDOW, covers, { width: 4, height: 4 }, 100);
  assert.deepEqual(found, { left: 0, top: 10, right: 40, bottom: 45, scale: 8.75 });
});

test("what is small enough gets the largest area", () => {
  const covers = [rect(0, 20, 30, 25)];
  const found = freePart(WINDOW, covers, { width: 2, height: 2 }, 1);
  assert.deepEqual(found, { left: 0, top: 25, right: 40, bottom: 60, scale: 1 });
});

test("where all is covered there is none", () => {
  assert.equal(freePart(WINDOW, [rect(-1, -1, 41, 61)], { width: 1, height: 1 }, 9), null);
});

test("no free rectangle shows it larger: against brute force", () => {
  const whole = wholeFrom(5);
  for (let round = 0; round < 20; round++) {
    const covers = Array.from({ length: whole(6) }, () => {
      const [left, top] = [whole(40), whole(60)];
      return rect(left, top, left + 1 + whole(20), top + 1 + whole(15));
    });
    const wanted = { width: 1 + whole(9), height: 1 + whole(9) };
    const found = freePart(WINDOW, covers, wanted, 1_000);
    assert.equal(found?.scale ?? 0, bestByForce(covers, wanted));
    if (found) assert.ok(!covers.some((each) => overlaps(each, found)));
  }
});

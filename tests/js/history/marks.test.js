import assert from "node:assert/strict";
import { test } from "node:test";

import { bins } from "../../../history/static/history/board/marks.js";

const DAY = 48_000; // ms of a segment: each of its parts takes a second
const SEALED = { count: 100, sha256: "", keyframe: null };

/**
 * @param {(number | null | undefined)[]} all bits of segments that follow each other
 * @param {{from: number, to: number, count: number}} scale
 */
function marked(all, scale) {
  const sealed = all.map((moderated, at) => ({
    ...SEALED,
    first_seq: 1 + 100 * at,
    placed_from: DAY * at,
    placed_to: DAY * (at + 1) - 1,
    moderated,
  }));
  const { moderated } = bins({ segments: [], sealed, revisions: [] }, scale);
  return [...moderated.keys()].filter((bin) => moderated[bin]);
}

test("segments that were not fetched tell when moderation drew", () => {
  const bits = [2 ** 47 + 2 ** 31 + 1, 0, 2 ** 5];
  const whole = { from: 0, to: 3 * DAY, count: 3 * 48 };
  assert.deepEqual(marked(bits, whole), [0, 31, 47, 101]);
  assert.deepEqual(marked(bits, { from: 0, to: 3 * DAY, count: 3 }), [0, 2]);
});

test("a scale that is within, before or after them marks no more than it has", () => {
  const bits = [2 ** 48 - 1];
  assert.deepEqual(marked(bits, { from: 10_000, to: 12_000, count: 4 }), [0, 1, 2, 3]);
  assert.deepEqual(marked(bits, { from: -2 * DAY, to: -DAY, count: 4 }), []);
  assert.deepEqual(marked(bits, { from: 2 * DAY, to: 3 * DAY, count: 4 }), []);
  assert.deepEqual(marked(bits, { from: -DAY, to: 2 * DAY, count: 3 }), [1]);
});

test("where it is not known nothing is marked", () => {
  assert.deepEqual(marked([null, undefined], { from: 0, to: 2 * DAY, count: 10 }), []);
});

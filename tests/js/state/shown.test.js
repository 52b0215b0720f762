import assert from "node:assert/strict";
import { test } from "node:test";

import { Board } from "../../../canvas/static/canvas/state/board.js";
import { Shown } from "../../../canvas/static/canvas/state/shown.js";

/**
 * Make a board of one colour.
 * @param {number} width
 * @param {number} height
 * @param {number} color
 */
function plain(width, height, color) {
  const board = new Board();
  board.load(width, height, new Uint8Array(width * height).fill(color));
  return board;
}

test("another board takes the place of the live one, which goes on behind it", () => {
  const live = plain(4, 3, 1);
  const shown = new Shown(live, { hexes: ["#FFFFFF"], names: ["white"] });
  let changes = 0;
  shown.on("change", () => changes++);
  const before = shown.generation;
  shown.show(plain(2, 2, 5), ["#000000"]);
  assert.deepEqual([shown.width, shown.height, shown.get(0, 0), shown.live], [2, 2, 5, false]);
  assert.deepEqual(shown.colors.hexes, ["#000000"]);
  assert.notEqual(shown.generation, before, "who has drawn the other one starts over");
  live.set(0, 0, 7);
  assert.equal(shown.get(0, 0), 5);
  shown.moment = { seq: 3, at: "2026-11-25T20:12:05Z" };
  shown.showLive();
  assert.deepEqual([shown.width, shown.get(0, 0), shown.moment], [4, 7, null]);
  assert.equal(changes, 2);
});

test("the generation differs for each load of each board", () => {
  const live = plain(2, 2, 0);
  const shown = new Shown(live, { hexes: [], names: [] });
  const seen = new Set([shown.generation]);
  const past = plain(2, 2, 1);
  for (const act of [
    () => shown.show(past, []),
    () => past.load(1, 1, new Uint8Array(1)),
    () => shown.showLive(),
    () => live.load(1, 1, new Uint8Array(1)),
  ]) {
    act();
    seen.add(shown.generation);
  }
  assert.equal(seen.size, 5);
});

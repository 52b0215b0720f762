import assert from "node:assert/strict";
import { test } from "node:test";

import { Board, TILE } from "../../../canvas/static/canvas/state/board.js";

function board(width = 600, height = 300) {
  const made = new Board();
  made.load(width, height, new Uint8Array(width * height));
  return made;
}

test("other cells take the place of these, and what differs is to be drawn", () => {
  const board = new Board();
  board.load(300, 2, new Uint8Array(600));
  const next = new Uint8Array(600).fill(3);
  const former = board.swap(next, [{ x0: 256, y0: 0, x1: 300, y1: 2 }]);
  assert.deepEqual([former.length, former[0], board.get(299, 1)], [600, 0, 3]);
  assert.deepEqual(board.dirtyTiles(), [1]);
  assert.deepEqual(board.takeDirty(1), { x0: 256, y0: 0, x1: 300, y1: 2 });
  assert.throws(() => board.swap(new Uint8Array(1), []), RangeError);
});

test("a fresh board has no dirty tile", () => {
  assert.deepEqual(board().dirtyTiles(), []);
});

test("bytes that do not fit the size are refused", () => {
  assert.throws(() => new Board().load(2, 2, new Uint8Array(3)), RangeError);
});

test("pixels extend one rectangle a tile", () => {
  const made = board();
  made.set(3, 4, 1);
  made.set(10, 2, 1);
  assert.deepEqual(made.dirtyTiles(), [0]);
  assert.deepEqual(made.takeDirty(0), { x0: 3, y0: 2, x1: 11, y1: 5 });
  assert.equal(made.takeDirty(0), undefined);
});

test("a pixel belongs to the tile of its column and row", () => {
  const made = board();
  made.set(TILE * 2, TILE, 7);
  assert.deepEqual(made.dirtyTiles(), [made.columns + 2]);
  assert.equal(made.get(TILE * 2, TILE), 7);
});

test("tiles at the far edges end with the board", () => {
  const made = board();
  assert.deepEqual(made.tileRect(made.columns + 2), { x0: 512, y0: 256, x1: 600, y1: 300 });
});

test("what lies outside changes nothing", () => {
  const made = board(4, 4);
  for (const [x, y] of [
    [4, 0],
    [0, 4],
    [-1, 0],
    [65535, 65535],
  ])
    made.set(x, y, 1);
  assert.deepEqual(made.dirtyTiles(), []);
  assert.ok(made.cells.every((cell) => cell === 0));
});

test("a load forgets what was dirty and starts a generation", () => {
  const made = board();
  made.set(0, 0, 1);
  const { generation } = made;
  made.load(2, 2, new Uint8Array(4));
  assert.deepEqual(made.dirtyTiles(), []);
  assert.ok(made.generation > generation);
});

test("a watcher hears of each cell that is drawn, with what it was before, until it stops", () => {
  const made = board(4, 4);
  /** @type {number[][]} */
  const heard = [];
  const stop = made.watch((...change) => heard.push(change));
  made.set(1, 2, 7);
  made.set(1, 2, 3);
  made.set(4, 0, 1);
  stop();
  made.set(0, 0, 1);
  assert.deepEqual(heard, [
    [1, 2, 7, 0],
    [1, 2, 3, 7],
  ]);
});

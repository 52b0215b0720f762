import assert from "node:assert/strict";
import { test } from "node:test";

import { Means, pairsOf } from "../../../canvas/static/canvas/lib/means.js";
import { Afar } from "../../../history/static/history/board/afar.js";
import { RedactedView } from "../../../history/static/history/board/redacted_view.js";
import { Touched } from "../../../history/static/history/board/touched.js";

/** @import { Redaction } from "../../../history/static/history/archive/archive.js" */

const [WIDTH, HEIGHT, TILE] = [320, 48, 256];
const MANY = 20_001; // cells, so that they are told in squares
const PALETTE = ["#FFFFFF", "#FF8000", "#000004"];

/** A board that is drawn on, and what a page is told of it. */
function scene() {
  const board = { width: WIDTH, height: HEIGHT, seq: 0, cells: new Uint8Array(WIDTH * HEIGHT) };
  const view = new RedactedView(TILE);
  const afar = new Afar();
  return {
    board,
    /**
     * @param {number} count of cells that are expected to be drawn
     * @param {[x: number, y: number, color: number][]} drawn
     */
    draw(count, ...drawn) {
      const touched = new Touched(board);
      touched.expect(count);
      for (const [x, y, color] of drawn) {
        board.cells[y * WIDTH + x] = color;
        touched.add(x, y);
      }
      return touched;
    },
    /**
     * @param {Touched | null} walked
     * @param {number} halvings
     * @param {string[]} palette
     * @param {Redaction[]} redactions
     */
    see(walked, halvings = 2, palette = PALETTE, redactions = []) {
      const { change, touched } = view.look(board, walked, redactions);
      const { width, height } = board;
      return { change, halved: afar.see(change, touched, { width, height, palette, halvings }) };
    },
  };
}

/**
 * Return all pixels from afar, made anew.
 * @param {Uint8Array} cells
 * @param {number} halvings
 * @param {string[]} palette
 */
function made(cells, halvings = 2, palette = PALETTE) {
  const pairs = /** @type {Uint16Array} */ (pairsOf({ width: WIDTH, cells }));
  const pixels = new Uint32Array(cells.length >> (2 * halvings));
  const [means, wide] = [new Means(palette), WIDTH >> halvings];
  for (let y = 0; y < HEIGHT >> halvings; y++) {
    const row = { x0: 0, y0: y << halvings, x1: WIDTH };
    means.write(pairs, WIDTH / 2, row, halvings, pixels, y * wide);
  }
  return pixels;
}

test("a board from afar is made anew wherever it was drawn on, in few cells or many", () => {
  const { board, draw, see } = scene();
  assert.deepEqual(see(null).halved?.pixels, made(board.cells));
  assert.equal(see(draw(1, [5, 9, 1])).halved, null, "the page draws a few cells itself");
  const many = see(draw(MANY, [319, 47, 2], [16, 0, 1]));
  assert.deepEqual(many.halved?.pixels, made(board.cells), "those of before, too");
});

test("another size of pixels, palette or redaction is seen at once", () => {
  const { board, draw, see } = scene();
  see(draw(MANY, [0, 0, 1]));
  assert.deepEqual(see(draw(MANY), 1).halved?.pixels, made(board.cells, 1));
  assert.deepEqual(see(draw(MANY), 3).halved?.pixels, made(board.cells, 3));
  const other = PALETTE.toReversed();
  assert.deepEqual(see(draw(MANY), 3, other).halved?.pixels, made(board.cells, 3, other));
  const hidden = { x: 0, y: 0, width: 8, height: 8, first_seq: 0, last_seq: 9 };
  const nothing = made(new Uint8Array(WIDTH * HEIGHT), 3, other);
  assert.deepEqual(see(draw(MANY), 3, other, [hidden]).halved?.pixels, nothing);
  assert.deepEqual(see(draw(MANY), 3, other).halved?.pixels, made(board.cells, 3, other));
});

test("from near, from very far, and where squares are cut off, the page makes the pixels", () => {
  const { draw, see } = scene();
  assert.equal(see(draw(MANY), 0).halved, null);
  assert.equal(see(draw(MANY), 4).halved, null);
  const board = { width: 30, height: 20, seq: 0, cells: new Uint8Array(600) };
  const { change, touched } = new RedactedView(TILE).look(board, null, []);
  const look = { width: 30, height: 20, palette: PALETTE, halvings: 1 };
  assert.equal(new Afar().see(change, touched, look), null);
});

test("the rectangles of a walk have all that it touched, one a tile at most", () => {
  const { draw, see } = scene();
  see(null);
  const { change } = see(draw(MANY, [3, 3, 1], [20, 17, 1], [255, 40, 2], [319, 47, 1]));
  assert.ok("cells" in change);
  assert.deepEqual([...(change.changed ?? [])], [0, 0, 256, 48, 312, 40, 320, 48]);
});

test("a board of another size is told whole", () => {
  const { board, see } = scene();
  see(null);
  const view = new RedactedView(TILE);
  view.look(board, null, []);
  const small = { width: 8, height: 8, seq: 1, cells: new Uint8Array(64) };
  const { change } = view.look(small, new Touched(small), []);
  assert.ok("cells" in change && change.changed === null);
});

test("cells that were shown give room for the next ones, where they are as many", () => {
  const { board } = scene();
  const view = new RedactedView(TILE);
  board.cells[7] = 2;
  for (const [length, taken] of /** @type {const} */ ([
    [board.cells.length, true],
    [9, false],
  ])) {
    const spare = new Uint8Array(length).fill(9);
    const { change } = view.look(board, null, [], spare);
    assert.ok("cells" in change);
    assert.equal(change.cells === spare, taken);
    assert.deepEqual(change.cells, board.cells);
  }
});

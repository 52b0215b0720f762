import assert from "node:assert/strict";
import { test } from "node:test";

import { cutOf } from "../../../history/static/history/film/film.js";

/** @import { Redaction } from "../../../history/static/history/archive/archive.js" */

const [WIDTH, HEIGHT] = [5, 4];
const CELLS = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, index) => index + 1);

/** Rectangles of one to three cells a side, some of which reach beyond the board. */
function* rectangles() {
  for (let x = 0; x < WIDTH; x++)
    for (let y = 0; y < HEIGHT; y++)
      for (let width = 1; width <= 3; width++)
        for (let height = 1; height <= 3; height++) yield { x, y, width, height };
}

/**
 * @param {number} x
 * @param {number} y
 * @param {Redaction[]} redactions
 * @param {number} seq
 */
function shownAt(x, y, redactions, seq) {
  const isHidden = redactions.some(
    (each) =>
      each.first_seq <= seq &&
      seq <= each.last_seq &&
      each.x <= x &&
      x < each.x + each.width &&
      each.y <= y &&
      y < each.y + each.height,
  );
  return isHidden || x >= WIDTH || y >= HEIGHT ? 0 : CELLS[y * WIDTH + x];
}

test("a film shows the cells of a region but those that must not be shown then", () => {
  for (const area of rectangles()) {
    const redactions = [{ ...area, first_seq: 10, last_seq: 20 }];
    for (const region of rectangles()) {
      for (const seq of [9, 10, 20, 21]) {
        const board = { width: WIDTH, height: HEIGHT, cells: CELLS, seq, revision: null };
        const { cells, width, height } = cutOf(board, region, { redactions });
        const wanted = Uint8Array.from({ length: width * height }, (_, index) =>
          shownAt(
            region.x + (index % width),
            region.y + Math.floor(index / width),
            redactions,
            seq,
          ),
        );
        assert.deepEqual(cells, wanted, JSON.stringify({ area, region, seq }));
      }
    }
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_HALVINGS, meanPixel } from "../../../canvas/static/canvas/draw/downscale.js";
import { Means, pairsOf } from "../../../canvas/static/canvas/lib/means.js";
import { pixelTable } from "../../../canvas/static/canvas/lib/pixels.js";

const PALETTE = ["#FFFFFF", "#FF8000", "#000004", "#123456", "#FEDCBA"];
const [WIDTH, HEIGHT] = [64, 32];

test("the means of squares are those of their cells, one by one", () => {
  const cells = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => (at * at + (at >> 3)) % 5);
  cells.fill(1, 16 * WIDTH); // squares of one colour, and of one with a cell of another
  for (let at = 17 * WIDTH + 1; at < cells.length; at += 37) cells[at] = 3;
  const board = { width: WIDTH, cells };
  const pairs = pairsOf(board);
  assert.ok(pairs);
  for (let halvings = 1; halvings <= MOST_HALVINGS; halvings++) {
    const side = 2 ** halvings;
    for (let y0 = 0; y0 < HEIGHT; y0 += side) {
      const pixels = new Uint32Array(WIDTH);
      const row = { x0: 16, y0, x1: WIDTH };
      new Means(PALETTE).write(pairs, WIDTH / 2, row, halvings, pixels, 3);
      const wanted = new Uint32Array(WIDTH);
      for (let x0 = 16, to = 3; x0 < WIDTH; x0 += side) {
        wanted[to++] = meanPixel(board, pixelTable(PALETTE), x0, y0, x0 + side, y0 + side);
      }
      assert.deepEqual(pixels, wanted, `${halvings} halvings, row ${y0}`);
    }
  }
});

test("the largest square of the lightest colour does not overflow", () => {
  const side = 2 ** MOST_HALVINGS;
  const pairs = /** @type {Uint16Array} */ (
    pairsOf({ width: side, cells: new Uint8Array(side * side) })
  );
  const pixels = new Uint32Array(1);
  new Means(PALETTE).write(pairs, side / 2, { x0: 0, y0: 0, x1: side }, MOST_HALVINGS, pixels, 0);
  assert.equal(pixels[0], 0xffffffff);
});

test("cells are read in pairs only where rows begin with one", () => {
  assert.equal(pairsOf({ width: 3, cells: new Uint8Array(6) }), null);
  assert.equal(pairsOf({ width: 4, cells: new Uint8Array(9).subarray(1) }), null);
});

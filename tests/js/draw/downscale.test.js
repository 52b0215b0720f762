import assert from "node:assert/strict";
import { test } from "node:test";
import {
  halvingsAt,
  MOST_HALVINGS,
  meanPixel,
} from "../../../canvas/static/canvas/draw/downscale.js";
import { pixelTable } from "../../../canvas/static/canvas/lib/pixels.js";

const TABLE = pixelTable(["#FFFFFF", "#FF8000", "#000004"]);

/**
 * Return the mean of a part of a board of 4 x 2, as red, green, blue, alpha.
 * @param {[number, number, number, number]} part
 */
function mean(...part) {
  const cells = Uint8Array.from([0, 1, 1, 1, 0, 1, 2, 2]);
  const pixel = meanPixel({ cells, width: 4 }, TABLE, ...part);
  return [...new Uint8Array(Uint32Array.of(pixel).buffer)];
}

test("one cell is its own mean, and so are many of one colour", () => {
  assert.deepEqual(mean(0, 0, 1, 1), [255, 255, 255, 255]);
  assert.deepEqual(mean(1, 0, 4, 1), [255, 128, 0, 255]);
});

test("a mean is of each channel", () => {
  assert.deepEqual(mean(0, 0, 2, 2), [255, 192, 128, 255]);
  assert.deepEqual(mean(2, 0, 4, 2), [128, 64, 2, 255]);
});

test("the largest square of the lightest colour does not overflow", () => {
  const side = 2 ** MOST_HALVINGS;
  const board = { cells: new Uint8Array(side * side), width: side };
  assert.equal(meanPixel(board, TABLE, 0, 0, side, side), 0xffffffff);
});

test("a board is halved while it stays as large as it is seen", () => {
  assert.deepEqual([64, 1, 0.6, 0.5, 0.3, 0.25, 0.15, 0.001].map(halvingsAt), [
    0,
    0,
    0,
    1,
    1,
    2,
    2,
    MOST_HALVINGS,
  ]);
});

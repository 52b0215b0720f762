import assert from "node:assert/strict";
import { test } from "node:test";
import { dotsOf } from "../../../blueprints/static/blueprints/draw/brushes.js";
import { paint } from "../../../blueprints/static/blueprints/draw/raster.js";
import { SIGN_HEIGHT } from "../../../blueprints/static/blueprints/draw/signs.js";
import { imageOf, NONE, wantsOf } from "../../../blueprints/static/blueprints/model/image.js";
import { Plan } from "../../../blueprints/static/blueprints/model/plan.js";
import { PALETTE, randomCells, wholeFrom } from "./support.js";

/** @import { Mode, Subject } from "../../../blueprints/static/blueprints/draw/brushes.js" */

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => index + 1);
const MODES = /** @type {Mode[]} */ (["full", "dots", "signs", "wrong", "outline"]);

/**
 * @param {Mode} mode
 * @param {number | null} [alone]
 */
function subject(mode, alone = null) {
  const board = { width: 9, height: 7, cells: randomCells(63, 6, 3).map((each) => each % 6) };
  const image = imageOf(6, 5, randomCells(30, 6, 4), PALETTE);
  const plan = new Plan(board);
  plan.lay([{ image, x: 2, y: 1, wants: wantsOf(image, PALETTE) }]);
  return { plan, board, mode, alone, table: TABLE, darkInk: new Uint8Array(256).fill(1) };
}

/**
 * @param {Subject} what
 * @param {{left: number, top: number, right: number, bottom: number}} area
 * @param {{left: number, top: number, pixel: number}} origin
 */
function painted(what, area, origin) {
  const pixels = new Uint32Array((area.right - area.left) * (area.bottom - area.top));
  paint(pixels, area, origin, what);
  return pixels;
}

const WINDOW = { left: 0, top: 0, right: 130, bottom: 90 };

test("whole cells and wrong ones fill just their cells", () => {
  for (const mode of /** @type {Mode[]} */ (["full", "wrong"])) {
    const what = subject(mode);
    const origin = { left: 7, top: -3, pixel: 11.4 };
    const pixels = painted(what, WINDOW, origin);
    for (let y = 0; y < 7; y++) {
      for (let x = 0; x < 9; x++) {
        const [px, py] = [Math.round(7 + (x + 0.5) * 11.4), Math.round(-3 + (y + 0.5) * 11.4)];
        if (px >= 130 || py >= 90) continue;
        const wanted = what.plan.at(x, y);
        const hidden =
          wanted === NONE || (mode === "wrong" && what.board.cells[y * 9 + x] === wanted);
        assert.equal(pixels[py * 130 + px], hidden ? 0 : wanted + 1);
      }
    }
  }
});

test("a dot is a third of its cell, in the middle", () => {
  const what = subject("dots");
  const pixels = painted(what, WINDOW, { left: 0, top: 0, pixel: 12 });
  for (let y = 0; y < 7; y++) {
    for (let x = 0; x < 9; x++) {
      if (what.plan.at(x, y) === NONE) continue;
      let inked = 0;
      for (let n = 0; n < 144; n++) {
        inked += pixels[(y * 12 + Math.floor(n / 12)) * 130 + x * 12 + (n % 12)] ? 1 : 0;
      }
      assert.equal(inked, 16);
      assert.equal(pixels[(y * 12 + 6) * 130 + x * 12 + 6], what.plan.at(x, y) + 1);
    }
  }
});

test("one colour alone hides the others", () => {
  const colors = new Set(painted(subject("full", 2), WINDOW, { left: 0, top: 0, pixel: 12 }));
  assert.deepEqual([...colors].sort(), [0, 3]);
});

test("parts that are painted by themselves are as the whole, in every mode and zoom", () => {
  const whole = wholeFrom(9);
  for (const mode of MODES) {
    for (const pixel of [0.4, 0.9, 1, 2.5, 4, 5.3, 11, 17.7]) {
      const what = subject(mode);
      const origin = { left: whole(40) - 20, top: whole(40) - 20, pixel };
      const all = painted(what, WINDOW, origin);
      for (let round = 0; round < 20; round++) {
        const [left, top] = [whole(120), whole(80)];
        const area = {
          left,
          top,
          right: left + 1 + whole(130 - left),
          bottom: top + 1 + whole(90 - top),
        };
        const part = painted(what, area, origin);
        const wide = area.right - area.left;
        part.forEach((value, at) => {
          const [x, y] = [left + (at % wide), top + Math.floor(at / wide)];
          if (value !== all[y * 130 + x]) assert.fail(`${mode} at ${pixel}: ${x}, ${y}`);
        });
      }
    }
  }
});

test("the signs of 32 colours are told apart in grey", () => {
  const LEAST = 3; // dots of 63 that differ
  const signs = Array.from({ length: 32 }, (_, index) =>
    Array.from({ length: SIGN_HEIGHT + 2 }, (__, row) => dotsOf(index, row - 1)),
  );
  for (const [a, one] of signs.entries()) {
    for (const [b, other] of signs.slice(0, a).entries()) {
      const apart = one.reduce((sum, bits, row) => sum + ones(bits ^ other[row]), 0);
      assert.ok(apart >= LEAST, `${a} and ${b} differ in ${apart} dots`);
    }
  }
});

test("no two of 255 colours have the same sign", () => {
  const signs = Array.from({ length: 255 }, (_, index) =>
    Array.from({ length: SIGN_HEIGHT + 2 }, (__, row) => dotsOf(index, row - 1)).join(),
  );
  assert.equal(new Set(signs).size, 255);
});

/** @param {number} bits */
function ones(bits) {
  return bits.toString(2).replaceAll("0", "").length;
}

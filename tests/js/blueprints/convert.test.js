import assert from "node:assert/strict";
import { test } from "node:test";
import { convert } from "../../../blueprints/static/blueprints/convert/conversion.js";
import { together } from "../../../blueprints/static/blueprints/convert/decoding.js";
import {
  matchDithered,
  matchExactly,
  matchNearest,
} from "../../../blueprints/static/blueprints/convert/matching.js";
import { oklab } from "../../../blueprints/static/blueprints/convert/oklab.js";
import {
  enlargementOf,
  resizeArea,
  resizeNearest,
  unshred,
} from "../../../blueprints/static/blueprints/convert/resizing.js";
import { NONE } from "../../../blueprints/static/blueprints/model/image.js";
import { INKS, noise, PALETTE, wholeFrom } from "./support.js";

/** @import { Choice } from "../../../blueprints/static/blueprints/convert/conversion.js" */
/** @import { Pixels } from "../../../blueprints/static/blueprints/convert/matching.js" */

/**
 * @param {string} color
 * @returns {[number, number, number]}
 */
function rgb(color) {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/**
 * Make a picture of palette indices.
 * @param {number} width
 * @param {number[]} cells
 * @returns {Pixels}
 */
function drawn(width, cells) {
  const data = Uint8ClampedArray.from(
    cells.flatMap((cell) => (cell === NONE ? [9, 9, 9, 0] : [...rgb(PALETTE[cell]), 255])),
  );
  return { width, height: cells.length / width, data };
}

test("exact colours are matched, others are counted and left alone", () => {
  const picture = drawn(2, [1, NONE, 5, 0]);
  picture.data.set([1, 2, 3, 255], 8);
  const { cells, unknown, first } = matchExactly(picture, INKS);
  assert.deepEqual([[...cells], unknown, first], [[1, NONE, NONE, 0], 1, "#010203"]);
});

test("the nearest colour is the nearest of all in OKLab", () => {
  const picture = noise(60, 50, 1);
  const { cells } = matchNearest(picture, INKS);
  const labs = INKS.map(({ color }) => oklab(...rgb(color)));
  for (let at = 0; at < cells.length; at++) {
    const [red, green, blue, alpha] = picture.data.subarray(at * 4, at * 4 + 4);
    const lab = oklab(red, green, blue);
    const far = labs.map((each) => Math.hypot(...each.map((part, n) => part - lab[n])));
    const best = alpha < 128 ? NONE : far.indexOf(Math.min(...far));
    assert.equal(cells[at], best);
  }
});

test("OKLab has white, black and red where they belong", () => {
  const near = (/** @type {number[]} */ lab, /** @type {number[]} */ wanted) =>
    assert.ok(
      lab.every((part, n) => Math.abs(part - wanted[n]) < 1e-3),
      `${lab}`,
    );
  near(oklab(255, 255, 255), [1, 0, 0]);
  near(oklab(0, 0, 0), [0, 0, 0]);
  near(oklab(255, 0, 0), [0.628, 0.2249, 0.1258]);
});

test("dithering leaves exact colours as they are, and mixes the others to their mean", () => {
  const exact = drawn(3, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...matchDithered(exact, INKS).cells], [0, 1, 2, 3, 4, 5]);
  const grey = { width: 40, height: 40, data: new Uint8ClampedArray(6_400).fill(118) };
  for (let at = 3; at < 6_400; at += 4) grey.data[at] = 255;
  const inks = [
    { index: 0, color: "#FFFFFF" },
    { index: 1, color: "#000000" },
  ];
  const { cells } = matchDithered(grey, inks);
  const white = cells.filter((cell) => cell === 0).length / cells.length;
  assert.ok(Math.abs(white - oklab(118, 118, 118)[0]) < 0.02, `${white}`);
});

test("resizing by the nearest takes the pixel under the middle", () => {
  const picture = drawn(4, [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3]);
  const half = matchExactly(resizeNearest(picture, 2, 2), INKS).cells;
  assert.deepEqual([...half], [5, 1, 1, 3]);
  const again = matchExactly(resizeNearest(picture, 8, 8), INKS).cells;
  assert.deepEqual([...again.slice(0, 8)], [0, 0, 1, 1, 2, 2, 3, 3]);
});

test("resizing by the area keeps the mean light, and clear pixels give none", () => {
  const picture = {
    width: 2,
    height: 2,
    data: Uint8ClampedArray.of(255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 0, 9, 9, 9, 0),
  };
  assert.deepEqual([...resizeArea(picture, 1, 1).data], [188, 188, 188, 128]);
  for (const [width, height] of [
    [3, 5],
    [7, 2],
    [64, 48],
    [1, 1],
  ]) {
    const plain = { width: 20, height: 30, data: new Uint8ClampedArray(2_400).fill(77) };
    const { data } = resizeArea(plain, width, height);
    assert.equal(data.length, width * height * 4);
    assert.ok(data.every((value) => Math.abs(value - 77) <= 1));
  }
});

test("a picture that was enlarged k times is recognised, and no other", () => {
  const whole = wholeFrom(8);
  for (let k = 1; k <= 9; k++) {
    const picture = noise(5 + whole(9), 4 + whole(9), k);
    const large = resizeNearest(picture, picture.width * k, picture.height * k);
    assert.equal(enlargementOf(large), k);
    large.data[0] ^= 255;
    if (k > 1) assert.equal(enlargementOf(large), 1);
  }
  const plain = { width: 12, height: 12, data: new Uint8ClampedArray(576).fill(255) };
  assert.equal(enlargementOf(plain), 1);
});

test("the middle of each square of three is kept of shredded pictures", () => {
  const large = resizeNearest(drawn(2, [1, 2, 3, 4]), 6, 6);
  for (let y = 0; y < 6; y++) {
    for (let x = 0; x < 6; x++) if (x % 3 !== 1 || y % 3 !== 1) large.data[(y * 6 + x) * 4 + 3] = 0;
  }
  assert.deepEqual([...matchExactly(unshred(large), INKS).cells], [1, 2, 3, 4]);
});

test("pictures side by side become one", () => {
  const made = together([
    { x: 12, y: 5, pixels: drawn(1, [1]) },
    { x: 10, y: 6, pixels: drawn(1, [2]) },
  ]);
  const { cells } = matchExactly(made, INKS);
  assert.deepEqual([made.width, made.height, [...cells]], [3, 2, [NONE, NONE, 1, 2, NONE, NONE]]);
});

test("the background is what hangs together at the edge, not the same colour within", () => {
  const cells = [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0];
  /** @type {Choice} */
  const choice = { match: "exact", resize: "nearest", width: 5, height: 5, background: true };
  const made = convert(drawn(5, cells), INKS, choice);
  const wanted = cells.map((cell, at) => (cell === 0 && at !== 12 ? NONE : cell));
  assert.deepEqual([...made.cells], wanted);
});

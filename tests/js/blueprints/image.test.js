import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeImage,
  encodeImage,
  ImageError,
  imageOf,
  inked,
  NONE,
  wantsOf,
} from "../../../blueprints/static/blueprints/model/image.js";
import { PALETTE, randomCells, wholeFrom } from "./support.js";

test("an image is read as it was written", () => {
  const image = imageOf(7, 3, randomCells(21, 6, 1), PALETTE);
  assert.deepEqual(decodeImage(encodeImage(image)), image);
});

test("the bytes are those of the contract", () => {
  const image = imageOf(2, 1, Uint8Array.of(1, NONE), PALETTE);
  const bytes = [0x50, 0x58, 0x42, 0x31, 2, 0, 1, 0, 1, 1, 0xff, 0, 0, 1, NONE];
  assert.deepEqual([...encodeImage(image)], bytes);
});

test("only colours that are used are listed", () => {
  const image = imageOf(2, 1, Uint8Array.of(4, 1), PALETTE);
  assert.deepEqual(
    image.colors.map(({ index }) => index),
    [1, 4],
  );
  assert.equal(inked(imageOf(2, 1, Uint8Array.of(4, NONE), PALETTE)), 1);
});

test("a colour is found where the palette has it now, else its index stays, else none", () => {
  const image = imageOf(3, 1, Uint8Array.of(1, 2, 5), PALETTE);
  const wants = wantsOf(image, ["#ff0000", "#FFFFFF", "#ABCDEF"]);
  assert.deepEqual([wants[1], wants[2], wants[5], wants[NONE]], [0, 2, NONE, NONE]);
});

test("any bytes are an image or refused", () => {
  const whole = wholeFrom(3);
  const good = encodeImage(imageOf(5, 4, randomCells(20, 6, 2), PALETTE));
  for (let round = 0; round < 3_000; round++) {
    const bytes = good.slice(0, round % 2 ? good.length : whole(good.length + 1));
    for (let n = whole(4); n >= 0; n--) bytes[whole(12)] = whole(256);
    try {
      const image = decodeImage(bytes);
      assert.equal(image.cells.length, image.width * image.height);
    } catch (error) {
      assert.ok(error instanceof ImageError, String(error));
    }
  }
});

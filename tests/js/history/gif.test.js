import assert from "node:assert/strict";
import { test } from "node:test";

import { Gif } from "../../../history/static/history/film/gif.js";

const PALETTE = ["#FFFFFF", "#000000", "#FF0000", "#00FF00", "#0000FF"];

/**
 * Decode the pictures of a GIF, each over the one before.
 * @param {Uint8Array} bytes
 */
function decoded(bytes) {
  const word = (/** @type {number} */ at) => bytes[at] | (bytes[at + 1] << 8);
  const [width, height] = [word(6), word(8)];
  const picture = new Uint8Array(width * height);
  const pictures = [];
  let at = 13;
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      for (at += 2; bytes[at]; at += bytes[at] + 1);
      at++;
      continue;
    }
    assert.equal(bytes[at], 0x2c);
    const [left, top, wide, high] = [1, 3, 5, 7].map((shift) => word(at + shift));
    at += 10 + 3 * 2 ** ((bytes[at + 9] & 7) + 1);
    const bits = bytes[at++];
    /** @type {number[]} */
    const data = [];
    for (; bytes[at]; at += bytes[at] + 1) data.push(...bytes.subarray(at + 1, at + 1 + bytes[at]));
    at++;
    const pixels = unpacked(data, bits);
    assert.equal(pixels.length, wide * high);
    pixels.forEach((each, i) => {
      picture[(top + Math.floor(i / wide)) * width + left + (i % wide)] = each;
    });
    pictures.push(new Uint8Array(picture));
  }
  return pictures;
}

/**
 * @param {number[]} data
 * @param {number} bits
 */
function unpacked(data, bits) {
  const clear = 2 ** bits;
  /** @type {number[]} */
  const pixels = [];
  /** @type {number[][]} */
  let table = [];
  let size = bits + 1;
  /** @type {number[] | null} */
  let before = null;
  for (let position = 0; ; position += size) {
    if (before === null) {
      table = Array.from({ length: clear + 2 }, (_, i) => [i]);
      size = bits + 1;
    }
    let code = 0;
    for (let bit = 0; bit < size; bit++) {
      const at = position + bit;
      code |= ((data[at >> 3] >> (at & 7)) & 1) << bit;
    }
    if (code === clear + 1) return pixels;
    if (code === clear) {
      position += size - (bits + 1);
      before = null;
      size = bits + 1;
      continue;
    }
    /** @type {number[]} */
    const entry = table[code] ?? [.../** @type {number[]} */ (before), before?.[0] ?? 0];
    if (before && table.length < 4096) table.push([...before, entry[0]]);
    pixels.push(...entry);
    before = entry;
    // The code that was read had the size of before.
    const next = table.length === 2 ** size && size < 12 ? size + 1 : size;
    position -= next - size;
    size = next;
  }
}

/**
 * Make a picture that only looks random.
 * @param {number} seed
 * @param {number} size
 */
function noise(seed, size) {
  let state = seed;
  return Uint8Array.from({ length: size }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % PALETTE.length;
  });
}

test("every pixel of every picture is what was put in, through all sizes of codes", async () => {
  const [width, height] = [120, 90];
  const first = noise(3, width * height);
  const second = new Uint8Array(first);
  second.fill(2, 4000, 4060);
  const pictures = [first, second, second, noise(9, width * height), first.fill(1, 0, 5000)];
  const gif = new Gif(width, height, 5);
  const wanted = pictures.map((each) => new Uint8Array(each));
  for (const each of wanted) gif.add(each, PALETTE);
  const bytes = new Uint8Array(await gif.finish().arrayBuffer());
  const found = decoded(bytes);
  assert.equal(found.length, wanted.length);
  found.forEach((each, i) => {
    assert.deepEqual(each, wanted[i], `picture ${i}`);
  });
});

test("another palette draws all cells anew", async () => {
  const gif = new Gif(8, 8, 5);
  gif.add(new Uint8Array(64), PALETTE);
  gif.add(new Uint8Array(64), ["#123456", ...PALETTE.slice(1)]);
  const bytes = new Uint8Array(await gif.finish().arrayBuffer());
  assert.equal(decoded(bytes).length, 2);
  const table = Buffer.from(bytes).indexOf(Buffer.from([0x12, 0x34, 0x56]));
  assert.ok(table > 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  decodeFrame,
  eachPixel,
  ProtocolError,
  parseEvent,
  placeMessage,
} from "../../../canvas/static/canvas/sync/protocol.js";
import { frame } from "../support.js";

/** @import { PixelFrame } from "../../../canvas/static/canvas/sync/protocol.js" */

/**
 * Read a frame of pixels.
 * @param {ArrayBuffer} buffer
 */
function decode(buffer) {
  const decoded = decodeFrame(buffer);
  assert.ok(decoded);
  return decoded;
}

/** @param {PixelFrame} decoded */
function pixelsOf(decoded, skip = 0) {
  /** @type {number[][]} */
  const pixels = [];
  eachPixel(decoded, skip, (...pixel) => pixels.push(pixel));
  return pixels;
}

test("a frame gives back its seqs and its pixels", () => {
  const decoded = decode(
    frame(42, [
      [1, 2, 3],
      [65535, 65534, 255],
    ]),
  );
  assert.equal(decoded.firstSeq, 42);
  assert.equal(decoded.lastSeq, 43);
  assert.deepEqual(pixelsOf(decoded), [
    [1, 2, 3],
    [65535, 65534, 255],
  ]);
});

test("a seq above 2^32 stays exact", () => {
  assert.equal(decode(frame(2 ** 40 + 1, [[0, 0, 0]])).lastSeq, 2 ** 40 + 1);
});

test("pixels that are already known can be skipped", () => {
  assert.deepEqual(
    pixelsOf(
      decode(
        frame(1, [
          [1, 1, 1],
          [2, 2, 2],
        ]),
      ),
      1,
    ),
    [[2, 2, 2]],
  );
});

test("a frame of another kind is not for us", () => {
  const buffer = frame(1, []);
  new DataView(buffer).setUint8(0, 9);
  assert.equal(decodeFrame(buffer), null);
});

/** @type {[string, ArrayBuffer][]} */
const BROKEN = [
  ["too short", new ArrayBuffer(11)],
  ["cut off", frame(1, [[1, 1, 1]]).slice(0, 16)],
  ["too long", new Uint8Array([...new Uint8Array(frame(1, [[1, 1, 1]])), 0]).buffer],
];

for (const [what, buffer] of BROKEN) {
  test(`a frame that is ${what} is refused`, () => {
    assert.throws(() => decodeFrame(buffer), ProtocolError);
  });
}

for (const text of ["", "{", "null", "3", "[]", '{"type":3}']) {
  test(`${text || "nothing"} is no event`, () => assert.equal(parseEvent(text), null));
}

test("only a nickname that was chosen is sent along", () => {
  const placement = { id: "a", x: 1, y: 2, color: "#FF0000", sentAt: 9 };
  assert.deepEqual(JSON.parse(placeMessage(placement)), {
    type: "pixel_update",
    id: "a",
    x: 1,
    y: 2,
    color: "#FF0000",
  });
  assert.equal(JSON.parse(placeMessage(placement, "Ada")).username, "Ada");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Board } from "../../../canvas/static/canvas/state/board.js";
import { decodeFrame } from "../../../canvas/static/canvas/sync/protocol.js";
import { Stream } from "../../../canvas/static/canvas/sync/stream.js";
import { frame } from "../support.js";

const SIZE = 16;

/**
 * @param {number} seq
 * @param {Uint8Array} [bytes]
 */
function snapshot(seq, bytes = new Uint8Array(SIZE * SIZE), epoch = 1) {
  return { seq, epoch, width: SIZE, height: SIZE, bytes: bytes.slice() };
}

/**
 * @param {number} firstSeq
 * @param {number[][]} pixels
 */
function at(firstSeq, ...pixels) {
  const decoded = decodeFrame(frame(firstSeq, pixels));
  assert.ok(decoded);
  return decoded;
}

function stream(seq = 10) {
  const made = new Stream(new Board());
  made.expectSnapshot();
  made.install(snapshot(seq));
  return made;
}

test("the next frame is applied", () => {
  const board = new Board();
  const made = new Stream(board);
  made.expectSnapshot();
  made.install(snapshot(10));
  assert.ok(made.receive(at(11, [1, 1, 5], [2, 1, 6])));
  assert.equal(made.last, 12);
  assert.deepEqual([board.get(1, 1), board.get(2, 1)], [5, 6]);
});

test("a frame that was seen is skipped, and one half seen is applied by half", () => {
  const board = new Board();
  const made = new Stream(board);
  made.install(snapshot(10));
  made.receive(at(11, [0, 0, 1], [1, 0, 1]));
  board.set(0, 0, 9);
  assert.ok(made.receive(at(11, [0, 0, 1])));
  assert.ok(made.receive(at(11, [0, 0, 1], [1, 0, 1], [2, 0, 3])));
  assert.equal(made.last, 13);
  assert.deepEqual([board.get(0, 0), board.get(2, 0)], [9, 3]);
});

test("a hole is told and nothing of the frame is applied", () => {
  const made = stream(10);
  assert.equal(made.receive(at(12, [0, 0, 1])), false);
  assert.equal(made.last, 10);
  assert.ok(made.behind);
});

test("frames that arrive during a fetch are held and applied after it", () => {
  const made = stream(10);
  made.expectSnapshot();
  made.receive(at(11, [0, 0, 1]));
  made.receive(at(12, [1, 0, 2], [2, 0, 2]));
  assert.equal(made.last, 10);
  assert.equal(made.install(snapshot(12)), "whole");
  assert.equal(made.last, 13);
});

test("a snapshot older than what was held back leaves a gap", () => {
  const made = stream(10);
  made.expectSnapshot();
  made.receive(at(15, [0, 0, 1]));
  assert.equal(made.install(snapshot(12)), "gap");
  assert.equal(made.last, 12);
});

test("too much held back is dropped, and shows as a gap", () => {
  const made = stream(0);
  made.expectSnapshot();
  const pixels = Array.from({ length: 60_000 }, () => [0, 0, 1]);
  for (let seq = 1; seq < 360_000; seq += 60_000) made.receive(at(seq, ...pixels));
  made.install(snapshot(0));
  assert.equal(made.last, 180_000);
  assert.equal(made.receive(at(360_001, [0, 0, 1])), false);
});

test("another epoch forgets the old one's seqs and needs a snapshot", () => {
  const made = stream(900);
  assert.equal(made.adopt(2, 50), false);
  assert.ok(made.loading);
  assert.equal(made.install(snapshot(901)), "other epoch");
  assert.equal(made.install(snapshot(50, undefined, 2)), "whole");
  assert.equal(made.last, 50);
  assert.equal(made.behind, false);
});

test("in every order of snapshot and frames, the board ends the same", () => {
  let seed = 7;
  /** @param {number} below */
  const random = (below) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed % below;
  };
  for (let round = 0; round < 200; round++) {
    const truth = new Uint8Array(SIZE * SIZE);
    const board = new Board();
    const made = new Stream(board);
    made.install(snapshot(0, truth));
    let seq = 0;
    /** @type {ReturnType<typeof snapshot> | null} */
    let fetching = null;
    for (let step = 0; step < 40; step++) {
      const pixels = Array.from({ length: 1 + random(3) }, () => [
        random(SIZE),
        random(SIZE),
        random(32),
      ]);
      for (const [x, y, index] of pixels) truth[y * SIZE + x] = index;
      const sent = at(seq + 1, ...pixels);
      seq += pixels.length;
      if (!fetching && random(8) === 0) {
        made.expectSnapshot();
        fetching = random(2) ? snapshot(seq, truth) : null;
        fetching ??= snapshot(made.last, board.cells);
      }
      assert.ok(made.receive(sent));
      if (random(4) === 0) made.receive(sent);
      if (fetching && random(4) === 0) {
        assert.equal(made.install(fetching), "whole");
        fetching = null;
      }
    }
    if (fetching) made.install(fetching);
    assert.deepEqual(board.cells, truth);
    assert.equal(made.last, seq);
  }
});

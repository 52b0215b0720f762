import assert from "node:assert/strict";
import { test } from "node:test";

import { PastBoard } from "../../../history/static/history/board/past_board.js";
import { PastReader } from "../../../history/static/history/board/past_reader.js";
import { SQUARE, Touched } from "../../../history/static/history/board/touched.js";
import { archive, LAST, PAST, sha256 } from "./past.js";

/**
 * Make a die that only looks random.
 * @param {number} seed
 */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Open the past of the fixture. */
async function opened() {
  const { archive: past, asked } = archive();
  await past.refresh();
  return { past, asked, board: new PastBoard(past) };
}

test("the board at every seq is the server's, walked forward, back and at random", async () => {
  const { board } = await opened();
  const roll = dice(1);
  const forward = [...Array(LAST + 1).keys()];
  const anywhere = Array.from({ length: 400 }, () => Math.floor(roll() * (LAST + 1)));
  for (const seq of [...forward, ...forward.toReversed(), ...anywhere]) {
    await board.to(seq);
    assert.equal(sha256(board.cells), PAST.boards[seq], `at ${seq}`);
  }
});

test("a jump starts at the keyframe before it", async () => {
  const { board, asked } = await opened();
  asked.length = 0;
  await board.to(200);
  const { keyframe, sha256: name } = PAST.listing.segments[3];
  assert.deepEqual(asked.sort(), [String(keyframe), name].sort());
});

test("a moment far away is asked for all at once, the keyframe first", async () => {
  const { past, asked } = await opened();
  const reader = new PastReader(past, () => 0);
  await reader.refresh();
  asked.length = 0;
  const shown = reader.show({ ms: PAST.times[199] });
  await null; // no answer has come yet
  const { keyframe, sha256: name } = PAST.listing.segments[3];
  assert.deepEqual(asked, [keyframe, name]);
  assert.equal((await shown).seq, 200);
  assert.equal(asked.length, 2, "nothing is asked for twice");
  await reader.show({ ms: PAST.times[197] });
  assert.equal(asked.length, 2, "what is in memory is not asked for");
});

test("a jump over what was never walked back asks for a keyframe and what follows", async () => {
  const { past, board, asked } = await opened();
  await board.to(195);
  asked.length = 0;
  await board.to(140);
  const index = past.indexOf(140);
  const first = past.sealed.slice(0, index + 1).findLastIndex(({ keyframe }) => keyframe);
  const names = past.sealed.slice(first, index + 1).map(({ sha256: name }) => name);
  assert.deepEqual(asked, [past.sealed[first].keyframe, ...names]);
  assert.equal(sha256(board.cells), PAST.boards[140]);
});

test("squares in which two boards differ are those that a look at each cell finds", () => {
  const roll = dice(3);
  for (const [width, height] of [
    [40, 30],
    [41, 9],
  ]) {
    const one = Uint8Array.from({ length: width * height }, () => 3 * roll());
    const other = one.map((color) => (roll() < 0.02 ? color + 1 : color));
    const touched = new Touched({ width, height });
    touched.add(width - 1, height - 1);
    touched.compare(one, other);
    const wanted = new Uint8Array(touched.columns * Math.ceil(height / SQUARE));
    wanted[wanted.length - 1] = 1;
    for (const at of one.keys()) {
      const [x, y] = [at % width, Math.floor(at / width)];
      if (one[at] !== other[at]) {
        wanted[Math.floor(y / SQUARE) * touched.columns + Math.floor(x / SQUARE)] = 1;
      }
    }
    assert.deepEqual(touched.squares, wanted);
  }
});

test("a step back asks for nothing", async () => {
  const { board, asked } = await opened();
  await board.to(198);
  asked.length = 0;
  assert.notEqual(await board.to(195), null, "it tells which cells differ");
  assert.deepEqual(asked, []);
});

for (const [redactions, boards] of /** @type {const} */ ([
  [PAST.listing.redactions, PAST.shown],
  [[], PAST.boards],
])) {
  test(`with ${redactions.length} redactions each frame shows the right board`, async () => {
    const { past } = await opened();
    past.redactions = [...redactions];
    const desk = new PastReader(past, () => 0);
    let cells = new Uint8Array(0);
    const roll = dice(7);
    const walk = Array.from({ length: 500 }, () => Math.floor(roll() * (LAST + 1)));
    for (const seq of [...Array(LAST + 1).keys(), ...walk]) {
      const { change, revision } = await desk.show({ seq });
      if ("at" in change) {
        for (const [i, at] of change.at.entries()) cells[at] = change.colors[i];
      } else {
        if (change.changed) assertCovers(change.changed, cells, change.cells, revision.width);
        cells = change.cells;
      }
      assert.equal(sha256(cells), boards[seq], `at ${seq}`);
    }
  });
}

/**
 * Fail where cells differ outside of the rectangles.
 * @param {Uint16Array} rects
 * @param {Uint8Array} before
 * @param {Uint8Array} after
 * @param {number} width
 */
function assertCovers(rects, before, after, width) {
  const covered = new Uint8Array(after.length);
  for (let i = 0; i < rects.length; i += 4) {
    for (let y = rects[i + 1]; y < rects[i + 3]; y++) {
      covered.fill(1, y * width + rects[i], y * width + rects[i + 2]);
    }
  }
  assert.ok(after.every((color, at) => covered[at] || color === before[at]));
}

test("a moment shows what was placed until then, with the size and palette of then", async () => {
  const { past } = await opened();
  const desk = new PastReader(past, () => 0);
  await desk.refresh();
  for (const ms of [PAST.times[0] - 1, ...PAST.times, PAST.times[128] + 1]) {
    const { seq, newest } = await desk.show({ ms });
    assert.equal(seq, PAST.times.filter((each) => each <= ms).length);
    assert.equal(newest?.placedAt, seq ? PAST.times[seq - 1] : undefined);
  }
  const { revision } = await desk.show({ seq: 129 });
  assert.deepEqual([revision.width, revision.height, revision.palette.length], [40, 30, 5]);
  assert.deepEqual((await desk.show({ step: 1 })).revision.width, 50);
});

test("a step goes no farther than the past does", async () => {
  const { past } = await opened();
  const desk = new PastReader(past, () => 0);
  assert.equal((await desk.show({ seq: LAST + 5 })).seq, LAST);
  assert.equal((await desk.show({ step: 9 })).seq, LAST);
  assert.equal((await desk.show({ step: -LAST - 9 })).seq, 0);
});

test("after the newest moment the server is asked again, at most each 2 s", async () => {
  const { past, asked } = await opened();
  let now = 0;
  const desk = new PastReader(past, () => now);
  await desk.refresh();
  const after = PAST.times[LAST - 1] + 1000;
  const opens = () => asked.filter((name) => name === "open").length;
  const before = opens();
  await desk.show({ ms: after });
  assert.equal(opens(), before);
  now = 3000;
  await desk.show({ ms: after });
  assert.equal(opens(), before + 1);
});

test("marks count what was placed, and tell moderation and changes of the rules", async () => {
  const { past } = await opened();
  const desk = new PastReader(past, () => 0);
  for (const each of [0, 1, 2, 3]) await past.segment(each);
  const [from, to] = [PAST.times[0], PAST.times[LAST - 1]];
  const marks = await desk.marks(from, to, 50);
  assert.equal(
    marks.busy.reduce((sum, each) => sum + each, 0),
    LAST,
  );
  const bin = (/** @type {number} */ ms) =>
    Math.min(49, Math.floor(((ms - from) / (to - from)) * 50));
  const wanted = new Set(PAST.times.filter((_, i) => PAST.flags[i] === 1).map(bin));
  assert.deepEqual(
    [...marks.moderated.keys()].filter((each) => marks.moderated[each]),
    [...wanted],
  );
  assert.deepEqual(
    marks.rules,
    PAST.listing.revisions.slice(1).map(({ at }) => at),
  );
});

test("segments that were not fetched are spread over their time", async () => {
  const { past } = await opened();
  const marks = await new PastReader(past, () => 0).marks(PAST.times[0], PAST.times[LAST - 1], 20);
  const sum = marks.busy.reduce((total, each) => total + each, 0);
  assert.ok(Math.abs(sum - LAST) < 0.01, `${sum}`);
});

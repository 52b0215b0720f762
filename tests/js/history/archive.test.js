import assert from "node:assert/strict";
import { test } from "node:test";

import { Archive } from "../../../history/static/history/archive/archive.js";
import { countUntil, decodeSegment } from "../../../history/static/history/archive/segment.js";
import { answer, archive, fileOf, LAST, PAST } from "./past.js";

const [FIRST] = PAST.listing.segments;

test("a segment says what was placed, when, and how", () => {
  const segment = decodeSegment(fileOf(FIRST.sha256));
  assert.deepEqual([segment.firstSeq, segment.count], [1, FIRST.count]);
  assert.deepEqual([...segment.times], PAST.times.slice(0, FIRST.count));
  assert.deepEqual([...segment.flags], PAST.flags.slice(0, FIRST.count));
  assert.equal(segment.boardBefore, PAST.boards[0]);
});

test("bytes that are no segment are refused", () => {
  const bytes = fileOf(FIRST.sha256);
  const other = new Uint8Array(bytes).fill(9, 0, 1);
  for (const bad of [
    bytes.slice(0, 95),
    bytes.slice(0, -40),
    other,
    new Uint8Array([...bytes, 0]),
  ]) {
    assert.throws(() => decodeSegment(bad), RangeError);
  }
});

test("the placements up to a moment are counted, at the very ms too", () => {
  const segment = decodeSegment(fileOf(FIRST.sha256));
  for (const ms of [0, ...segment.times, segment.times[9] + 1, 9e15]) {
    const wanted = [...segment.times].filter((each) => each <= ms).length;
    assert.equal(countUntil(segment, ms), wanted);
  }
});

test("the archive knows all that is sealed and what is not yet", async () => {
  const { archive: past } = archive();
  await past.refresh();
  assert.deepEqual([past.lastSeq, past.sealed.length, past.open?.count], [LAST, 4, 44]);
  assert.deepEqual([past.beginning, past.end], [PAST.times[0], PAST.times.at(-1)]);
  await past.refresh();
  assert.equal(past.sealed.length, 4, "each is listed once");
  assert.deepEqual(
    [1, 64, 65, 256, 257, LAST].map((seq) => past.indexOf(seq)),
    [0, 0, 1, 3, 4, 4],
  );
});

test("what fails its hash is fetched once more, past every cache", async () => {
  const { archive: past, asked } = archive((_, fresh) => (fresh ? null : new Uint8Array(200)));
  past.open = decodeSegment(fileOf("open"));
  past.sealed = PAST.listing.segments;
  assert.equal((await past.segment(0)).count, 64);
  assert.deepEqual(asked, [FIRST.sha256, `${FIRST.sha256} anew`]);
});

test("what fails its hash twice is not believed, and not kept", async () => {
  let lies = true;
  const changed = fileOf(FIRST.sha256);
  changed[100] ^= 1;
  const { archive: past } = archive(() => (lies ? changed : null));
  past.sealed = PAST.listing.segments;
  await assert.rejects(past.segment(0), { code: "damaged" });
  lies = false;
  assert.equal((await past.segment(0)).firstSeq, 1);
});

test("a server that is away, busy or another one is told apart from damage", async () => {
  /** @type {[() => Promise<ReturnType<typeof answer>>, string][]} */
  const answers = [
    [() => Promise.reject(new TypeError("lost")), "lost"],
    [async () => answer("", 503), "busy"],
    [async () => answer("", 429), "busy"],
    [async () => answer("<html>"), "lost"],
    [async () => answer("", 404), "lost"],
  ];
  for (const [fetch, code] of answers) {
    await assert.rejects(new Archive({ fetch, digest: null }).refresh(), { code });
  }
});

test("another epoch is another past: all that was known is forgotten", async () => {
  let epoch = 7;
  const open = fileOf("open");
  const past = new Archive({
    fetch: async (path) => {
      if (!path.startsWith("?")) return answer(open);
      const since = Number(new URLSearchParams(path).get("since"));
      const segments = PAST.listing.segments.filter((each) => each.first_seq > since);
      return answer(JSON.stringify({ ...PAST.listing, segments, epoch }));
    },
    digest: null,
  });
  await past.refresh();
  epoch = 8;
  await past.refresh();
  assert.deepEqual([past.epoch, past.sealed.length], [8, 4]);
});

test("no more is asked for at once than the server answers one network", async () => {
  let [running, most] = [0, 0];
  const past = new Archive({
    fetch: async (path) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      if (path === "/lost") throw new Error("no answer");
      return answer(path);
    },
    digest: null,
  });
  const names = ["lost", ...Array.from({ length: 20 }, (_, i) => String(i))];
  const answers = await Promise.allSettled(names.map((name) => past.keyframe(name)));
  assert.equal(most, 6);
  const lost = answers.map(({ status }) => status).filter((each) => each === "rejected");
  assert.equal(lost.length, 1, "the others follow one that failed");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeSegment } from "../../../history/static/history/archive/segment.js";
import {
  COLORS,
  LEVELS,
  levelOfAge,
  levelOfCount,
  PALETTE,
} from "../../../history/static/history/board/layers.js";
import { PastReader } from "../../../history/static/history/board/past_reader.js";
import { archive, fileOf, LAST, PAST } from "./past.js";

/** @import { Kind, Layer } from "../../../history/static/history/board/layers.js" */

const HOUR = 3_600_000;
const FIRST_LEVEL = PALETTE.length - COLORS.length;

/** All placements of the fixture. */
const PLACEMENTS = [...PAST.listing.segments.map(({ sha256 }) => sha256), "open"].flatMap(
  (name) => {
    const { firstSeq, count, xs, ys, colors, times, flags } = decodeSegment(fileOf(name));
    return [...Array(count).keys()].map((i) => {
      return {
        seq: firstSeq + i,
        x: xs[i],
        y: ys[i],
        color: colors[i],
        ms: times[i],
        flag: flags[i],
      };
    });
  },
);

/**
 * Return the placements that each cell has got up to a seq and that no resize has cut off since.
 * @param {number} seq
 */
function drawnUntil(seq) {
  /** @type {Map<string, typeof PLACEMENTS>} */
  const cells = new Map();
  let { width, height } = PAST.listing.revisions[0];
  for (const each of PLACEMENTS.slice(0, seq)) {
    const name = `${each.x},${each.y}`;
    if (each.x < width && each.y < height) cells.set(name, [...(cells.get(name) ?? []), each]);
    const revision = PAST.listing.revisions.find((one) => one.seq === each.seq);
    if (!revision) continue;
    ({ width, height } = revision);
    for (const [key, [{ x, y }]] of cells) if (x >= width || y >= height) cells.delete(key);
  }
  return { cells, width, height };
}

/**
 * Return the level of a cell, from its placements alone.
 * @param {Layer} layer
 * @param {typeof PLACEMENTS} drawn
 * @param {number} ms of the moment
 */
function levelOf({ kind, color, own }, drawn, ms) {
  const newest = drawn.at(-1);
  const mine = drawn.filter(({ seq }) => own?.seqs.includes(seq)).at(-1);
  const recent = drawn.filter((each) => each.ms > ms - HOUR && each.ms <= ms).length;
  /** @type {Record<Kind, () => number>} */
  const levels = {
    heat: () => (recent ? Math.min(7, Math.floor(Math.log2(recent)) + 1) : 0),
    often: () => (newest ? Math.min(7, Math.floor(Math.log2(drawn.length)) + 1) : 0),
    age: () => (newest ? ageLevel(ms, newest.ms) : 0),
    untouched: () => (newest ? 0 : 7),
    programs: () => (newest?.flag === 2 ? 7 : 0),
    color: () => ((newest?.color ?? 0) === color ? 7 : 0),
    mine: () => (mine ? (mine.color === newest?.color ? 7 : 3) : 0),
  };
  return levels[kind]();
}

/**
 * @param {number} ms
 * @param {number} then
 */
function ageLevel(ms, then) {
  const second = (/** @type {number} */ each) => Math.floor((each - PAST.times[0]) / 1000);
  const seconds = second(ms) - second(then);
  return 7 - [60, 600, 3600, 21_600, 86_400, 604_800].filter((limit) => seconds >= limit).length;
}

/** @type {Layer[]} */
const LAYERS = [
  { kind: "heat" },
  { kind: "often" },
  { kind: "age" },
  { kind: "untouched" },
  { kind: "programs" },
  { kind: "color", color: 3 },
  {
    kind: "mine",
    own: {
      seqs: PLACEMENTS.filter(({ seq }) => seq % 7 === 0).map(({ seq }) => seq),
      xs: PLACEMENTS.filter(({ seq }) => seq % 7 === 0).map(({ x }) => x),
      ys: PLACEMENTS.filter(({ seq }) => seq % 7 === 0).map(({ y }) => y),
      colors: PLACEMENTS.filter(({ seq }) => seq % 7 === 0).map(({ color }) => color),
    },
  },
];

for (const layer of LAYERS) {
  test(`the layer “${layer.kind}” shows what each cell's own placements say`, async () => {
    const { archive: past } = archive();
    await past.refresh();
    past.redactions = [];
    const desk = new PastReader(past, () => 0);
    desk.lay(layer);
    let cells = new Uint8Array(0);
    // Forward, back, and across the resizes.
    for (const seq of [0, 1, 60, 129, 130, 131, 210, LAST, 64, 199, 200]) {
      const { change, ms, palette } = await desk.show({ seq });
      assert.deepEqual(palette, PALETTE);
      if ("at" in change) throw new Error("a layer hands over all cells");
      cells = change.cells;
      const drawn = drawnUntil(seq);
      assert.equal(cells.length, drawn.width * drawn.height);
      for (let at = 0; at < cells.length; at++) {
        const name = `${at % drawn.width},${Math.floor(at / drawn.width)}`;
        const wanted = levelOf(layer, drawn.cells.get(name) ?? [], ms);
        const level = Math.max(0, cells[at] - FIRST_LEVEL + 1);
        assert.equal(level, wanted, `${name} at ${seq}`);
      }
    }
  });
}

test("without a layer the colours are back", async () => {
  const { archive: past } = archive();
  await past.refresh();
  const desk = new PastReader(past, () => 0);
  desk.lay({ kind: "age" });
  await desk.show({ seq: 50 });
  desk.lay(null);
  const { palette, change } = await desk.show({ seq: 50 });
  assert.deepEqual([palette.length, "cells" in change], [5, true]);
});

test("what must not be shown is not told by a layer either", async () => {
  const { archive: past } = archive();
  await past.refresh();
  const desk = new PastReader(past, () => 0);
  desk.lay({ kind: "often" });
  const { change } = await desk.show({ seq: 150 });
  assert.ok("cells" in change);
  const { x, y } = PAST.listing.redactions[0];
  assert.equal(change.cells[(y + 1) * 50 + x + 1], 0);
});

test("levels are told apart by lightness alone, as eyes that see no colours do", () => {
  const light = PALETTE.map((hex) => {
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  for (let i = 1; i < light.length; i++) assert.ok(light[i] > light[i - 1], PALETTE[i]);
  for (let i = FIRST_LEVEL + 1; i < light.length; i++) assert.ok(light[i] - light[i - 1] > 12);
  assert.equal(COLORS.length, LEVELS);
});

test("counts and ages have levels, in order", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 63, 64, 9999].map(levelOfCount), [0, 1, 2, 2, 3, 6, 7, 7]);
  assert.deepEqual([0, 59, 60, 3599, 3600, 1e9].map(levelOfAge), [7, 7, 6, 5, 4, 1]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Gesture } from "../../../canvas/static/canvas/lib/gesture.js";
import { NamedTimers } from "../../../canvas/static/canvas/lib/named_timers.js";
import { Viewport } from "../../../canvas/static/canvas/lib/viewport.js";
import { Staged } from "../../../canvas/static/canvas/state/staged.js";
import { StrokeActions } from "../../../canvas/static/canvas/state/stroke_actions.js";
import { Tool } from "../../../canvas/static/canvas/state/tool.js";
import { livePage } from "../support.js";

/** @import { Shell } from "../../../canvas/static/canvas/state/actions.js" */

const STROKES = 1_000;
const LENGTH = 20; // cells
const PHONE = { width: 390, height: 844 };
const MIDDLE = { x: 100, y: 100 };

/** Return a generator of numbers from 0 to 1 that are the same in each run. */
function seeded() {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
}

async function phone() {
  const { board, session, time, server } = await livePage({ width: 200, height: 200 });
  server.hello({ cooldown_ms: 0 });
  const staged = new Staged(session, { board, timers: time.timers });
  const viewport = new Viewport();
  viewport.resize(PHONE.width, PHONE.height);
  viewport.setBoard(200, 200);
  viewport.show({ ...MIDDLE, scale: 20 });
  const tool = new Tool();
  tool.set({ color: 1, stroke: true });
  /** @type {unknown[]} */
  const did = [];
  const nothing = () => {};
  const shell = /** @type {Shell} */ (
    /** @type {unknown} */ ({ tell: nothing, announce: nothing, count: String })
  );
  const stroke = new StrokeActions({ viewport, tool, staged, shell });
  const gesture = new Gesture(
    {
      stroke,
      tap: () => did.push("tap"),
      hold: () => did.push("hold"),
      drag: (dx, dy) => viewport.panBy(dx, dy),
      pinch: () => did.push("pinch"),
      release: nothing,
    },
    new NamedTimers(time.timers),
  );
  return { staged, viewport, tool, gesture, time, did, stroke };
}

/**
 * Return the points of a hand that goes on for 20 cells, in steps of any length, and trembles.
 * @param {() => number} random
 * @param {number} scale CSS pixels a cell
 */
function handAt(random, scale) {
  const heading = random() * 2 * Math.PI;
  const bend = (random() - 0.5) * 0.2;
  const points = [{ x: PHONE.width * random(), y: 200 + 400 * random() }];
  let gone = 0;
  for (let turn = heading; gone < LENGTH; turn += bend) {
    const step = (0.05 + random() * 2) * scale;
    const last = points[points.length - 1];
    const tremble = () => (random() - 0.5) * 2;
    points.push({
      x: last.x + Math.cos(turn) * step + tremble(),
      y: last.y + Math.sin(turn) * step + tremble(),
    });
    gone += step / scale;
  }
  return points;
}

/**
 * Return the cells under the hand, looked at in such small steps that none is missed, with the
 * longest way within each at a time, in cells.
 * @param {{x: number, y: number}[]} points in CSS pixels
 * @param {Viewport} viewport
 */
function cellsUnder(points, viewport) {
  /** @type {Map<string, number>} */
  const under = new Map();
  let [here, way] = ["", 0];
  for (const [at, to] of points.slice(1).entries()) {
    const from = points[at];
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const steps = Math.ceil(length * 64) + 1;
    for (let step = 0; step <= steps; step++) {
      const part = step / steps;
      const x = from.x + (to.x - from.x) * part;
      const y = from.y + (to.y - from.y) * part;
      const cell = viewport.toBoard(x, y);
      const key = `${Math.floor(cell.x)},${Math.floor(cell.y)}`;
      way = (key === here ? way : 0) + length / steps / viewport.scale;
      here = key;
      under.set(key, Math.max(under.get(key) ?? 0, way));
    }
  }
  return under;
}

test("of 1,000 strokes of 20 cells on a phone no pixel is misplaced and none missing", async () => {
  const random = seeded();
  const { staged, viewport, gesture } = await phone();
  let misplaced = 0;
  let missing = 0;
  let gaps = 0;
  for (let each = 0; each < STROKES; each++) {
    const scale = 8 + random() * 30;
    viewport.show({ ...MIDDLE, scale });
    const points = handAt(random, scale);
    gesture.down(1, points[0]);
    for (const point of points.slice(1)) gesture.move(1, point);
    gesture.up(1);
    const under = cellsUnder(points, viewport);
    const drawn = staged.waiting.map(({ x, y }) => `${x},${y}`);
    misplaced += drawn.filter((key) => !under.has(key)).length;
    const kept = new Set(drawn);
    missing += [...under].filter(([key, inside]) => inside > 0.65 && !kept.has(key)).length;
    for (const [at, cell] of staged.waiting.slice(1).entries()) {
      const touches = staged.waiting
        .slice(0, at + 1)
        .some(({ x, y }) => Math.max(Math.abs(cell.x - x), Math.abs(cell.y - y)) === 1);
      if (!touches) gaps += 1;
    }
    staged.cancel();
  }
  assert.deepEqual({ misplaced, missing, gaps }, { misplaced: 0, missing: 0, gaps: 0 });
});

test("the view stands still while a stroke is drawn", async () => {
  const { viewport, gesture, staged } = await phone();
  viewport.show({ ...MIDDLE, scale: 20 });
  const before = { ...viewport.centre };
  gesture.down(1, { x: 100, y: 400 });
  for (let x = 100; x <= 300; x += 10) gesture.move(1, { x, y: 400 });
  gesture.up(1);
  assert.deepEqual(viewport.centre, before);
  assert.equal(staged.size, 11);
});

test("a second finger makes it a pinch, and drops what the first one had begun", async () => {
  const { gesture, staged, did } = await phone();
  gesture.down(1, { x: 100, y: 400 });
  gesture.move(1, { x: 160, y: 400 });
  assert.ok(staged.size > 0);
  gesture.down(2, { x: 250, y: 400 });
  gesture.move(2, { x: 280, y: 400 });
  gesture.up(1);
  gesture.up(2);
  assert.deepEqual([staged.size, did], [0, ["pinch"]]);
});

test("what the browser takes away draws nothing, and a long press is still a stroke", async () => {
  const { gesture, staged, did, time } = await phone();
  gesture.down(1, { x: 100, y: 400 });
  gesture.move(1, { x: 160, y: 400 });
  gesture.cancel(1);
  assert.equal(staged.size, 0);
  gesture.down(1, { x: 100, y: 400 });
  await time.pass(2000);
  gesture.move(1, { x: 160, y: 400 });
  gesture.up(1);
  assert.ok(staged.size > 0);
  assert.deepEqual(did, []);
});

test("without a colour, with shift, or from too far away a drag moves the board", async () => {
  const { gesture, staged, tool, viewport } = await phone();
  /** @param {boolean} shift */
  const drag = (shift) => {
    const { x } = viewport;
    gesture.down(1, { x: 100, y: 400 }, shift);
    gesture.move(1, { x: 160, y: 400 });
    gesture.up(1);
    return viewport.x !== x;
  };
  viewport.show({ ...MIDDLE, scale: 20 });
  assert.equal(drag(true), true);
  viewport.show({ ...MIDDLE, scale: 2 });
  assert.equal(drag(false), true);
  viewport.show({ ...MIDDLE, scale: 20 });
  tool.set({ color: null });
  assert.equal(drag(false), true);
  assert.equal(staged.size, 0);
});

test("with the pen down keys draw, and lifting it ends the stroke", async () => {
  const { stroke, staged, tool } = await phone();
  stroke.follow({ x: 5, y: 5 });
  assert.equal(staged.size, 0);
  stroke.togglePen({ x: 5, y: 5 });
  for (const x of [6, 7, 12]) stroke.follow({ x, y: 5 });
  assert.equal(tool.pen, true);
  stroke.togglePen({ x: 12, y: 5 });
  assert.deepEqual([tool.pen, staged.size, staged.going], [false, 8, false]);
});

test("in the quick mode a stroke is sent as soon as it ends", async () => {
  const { gesture, staged, tool } = await phone();
  tool.set({ quick: true });
  gesture.down(1, { x: 100, y: 400 });
  gesture.move(1, { x: 160, y: 400 });
  assert.equal(staged.going, false);
  gesture.up(1);
  assert.equal(staged.going, true);
});

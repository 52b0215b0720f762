import assert from "node:assert/strict";
import { test } from "node:test";
import { Viewport } from "../../../canvas/static/canvas/lib/viewport.js";
import { Actions } from "../../../canvas/static/canvas/state/actions.js";
import { Staged } from "../../../canvas/static/canvas/state/staged.js";
import { Tool } from "../../../canvas/static/canvas/state/tool.js";
import { Undo } from "../../../canvas/static/canvas/state/undo.js";
import { livePage } from "../support.js";

/** @import { Shell } from "../../../canvas/static/canvas/state/actions.js" */

const MOUSE = { touch: false, shift: false };
const TOUCH = { touch: true, shift: false };
const CENTRE = { x: 50, y: 50 };

/** Make a page of 100 x 100 CSS pixels on a board of 40 x 40, cell (20, 20) at the centre. */
async function desk(scale = 10) {
  const parts = await livePage({ width: 40, height: 40 });
  const { board, server, session } = parts;
  server.hello({ cooldown_ms: 0 });
  const viewport = new Viewport();
  viewport.resize(100, 100);
  viewport.setBoard(40, 40);
  viewport.show({ x: 20, y: 20, scale });
  const tool = new Tool();
  tool.offer(session.canvas.offered);
  /** @type {unknown[]} */
  const did = [];
  /** @type {Shell} */
  const shell = {
    inspect: ({ x, y }) => did.push(["inspect", x, y]),
    tell: (key) => did.push(["tell", key]),
    announce: () => {},
    count: String,
    describe: () => "",
    help: () => {},
    people: () => {},
    goTo: () => did.push("goTo"),
    extend: (name) => did.push(["extend", name]),
    copyLink: () => {},
    saveView: () => {},
    dismiss: () => did.includes("open"),
  };
  const lookUp = async () => Promise.reject(new Error("not here"));
  const undo = new Undo(session, { lookUp, timers: parts.time.timers });
  const staged = new Staged(session, { board, timers: parts.time.timers });
  const actions = new Actions({ board, viewport, tool, session, undo, staged, shell });
  const sent = () => server.socket.sent.filter(({ type }) => type === "pixel_update");
  return { ...parts, actions, staged, tool, viewport, did, sent };
}

test("a click draws with the colour that is held", async () => {
  const { actions, tool, sent } = await desk();
  tool.set({ color: 1 });
  actions.tap(CENTRE, MOUSE);
  assert.deepEqual([sent()[0].x, sent()[0].y, sent()[0].color], [20, 20, "#FF0000"]);
});

test("a click with no colour, or with shift, shows the pixel's card instead", async () => {
  const { actions, tool, sent, did } = await desk();
  actions.tap(CENTRE, MOUSE);
  tool.set({ color: 1 });
  actions.tap(CENTRE, { touch: false, shift: true });
  assert.deepEqual(did, [
    ["inspect", 20, 20],
    ["inspect", 20, 20],
  ]);
  assert.equal(sent().length, 0);
});

test("a click where cells are too small comes closer instead of guessing", async () => {
  const { actions, tool, sent, viewport, did } = await desk(2.5);
  tool.set({ color: 1 });
  actions.tap(CENTRE, MOUSE);
  assert.equal(sent().length, 0);
  assert.ok(viewport.scale > 10);
  assert.deepEqual(did, [["tell", "zoomed_in"]]);
});

test("a finger only chooses; the confirmation draws", async () => {
  const { actions, tool, sent } = await desk();
  tool.set({ color: 1 });
  actions.tap(CENTRE, TOUCH);
  assert.equal(sent().length, 0);
  assert.deepEqual(tool.cursor, { x: 20, y: 20 });
  actions.placeHere();
  assert.equal(sent().length, 1);
});

test("in the quick mode a finger draws at once, with a colour", async () => {
  const { actions, tool, sent } = await desk();
  tool.set({ quick: true });
  actions.tap(CENTRE, TOUCH);
  assert.deepEqual([tool.cursor, sent().length], [{ x: 20, y: 20 }, 0]);
  tool.set({ color: 1 });
  actions.tap(CENTRE, TOUCH);
  assert.deepEqual([tool.cursor, sent().length], [null, 1]);
});

test("in the mode of strokes a tap stages, Enter draws, and Escape lets go", async () => {
  for (const how of [MOUSE, TOUCH]) {
    const { actions, tool, sent, staged } = await desk();
    tool.set({ stroke: true, color: 1 });
    actions.tap(CENTRE, how);
    assert.deepEqual([staged.size, sent().length], [1, 0]);
    actions.cancel();
    assert.deepEqual([staged.size, tool.color], [0, 1]);
    actions.tap(CENTRE, how);
    await actions.undo();
    assert.equal(staged.size, 0);
    actions.tap(CENTRE, how);
    actions.placeHere();
    assert.equal(sent().length, 1);
  }
});

test("Space draws, and in the mode of strokes sets the pen down", async () => {
  const { actions, tool, sent, staged } = await desk();
  tool.set({ color: 1 });
  actions.moveCursor(0, 0);
  actions.pressHere();
  assert.equal(sent().length, 1);
  tool.set({ stroke: true });
  actions.pressHere();
  actions.moveCursor(2, 0);
  actions.pressHere();
  assert.deepEqual([tool.pen, staged.size], [false, 3]);
});

test("keys walk a cursor that stays on the board, and Enter draws there", async () => {
  const { actions, tool, sent, viewport } = await desk();
  tool.set({ color: 2 });
  actions.moveCursor(1, 0);
  assert.deepEqual(tool.cursor, viewport.centre, "the first key only shows it");
  actions.moveCursor(-1, 0);
  actions.moveCursor(0, -100);
  actions.placeHere();
  assert.deepEqual([sent()[0].x, sent()[0].y], [19, 0]);
});

test("a place is gone to, near enough to draw, and its cell chosen", async () => {
  const { actions, tool, viewport } = await desk(1);
  assert.equal(actions.goTo({ x: 3, y: 4 }), true);
  assert.deepEqual(
    [tool.cursor, viewport.centre],
    [
      { x: 3, y: 4 },
      { x: 3, y: 4 },
    ],
  );
  assert.ok(viewport.scale > 10);
  actions.goTo({ x: 3, y: 4, scale: 8 });
  assert.equal(viewport.scale, 8);
  assert.equal(actions.goTo({ x: 40, y: 4 }), false);
  assert.deepEqual(tool.cursor, { x: 3, y: 4 });
});

test("Enter without a colour says so", async () => {
  const { actions, heard, sent } = await desk();
  actions.moveCursor(0, 0);
  actions.placeHere();
  assert.equal(heard.at(-1)?.code, "no_color");
  assert.equal(sent().length, 0);
});

test("the colour under the pointer can be picked", async () => {
  const { actions, tool, board } = await desk();
  board.set(20, 20, 2);
  actions.pickAt(CENTRE);
  assert.equal(tool.color, 2);
});

test("choosing what is held lets go of it, and unknown colours are ignored", async () => {
  const { actions, tool } = await desk();
  actions.chooseColor(1);
  actions.chooseColor(99);
  assert.equal(tool.color, 1);
  actions.chooseColor(2);
  assert.equal(tool.color, 2);
  actions.chooseColor(2);
  assert.equal(tool.color, null);
});

test("a retired colour is held by no means, and the others keep their places", async () => {
  const { actions, tool, board, server, session, did } = await desk();
  server.hello({ retired: ["#FF0000"] });
  tool.offer(session.canvas.offered);
  actions.chooseColor(1);
  board.set(20, 20, 1);
  actions.pickAt(CENTRE);
  assert.equal(tool.color, null);
  assert.deepEqual(did, [
    ["tell", "color_retired"],
    ["tell", "color_retired"],
  ]);
  actions.chooseColor(2);
  assert.equal(tool.color, 2);
  actions.stepColor(-1);
  assert.equal(tool.color, 0);
  actions.stepColor(1);
  assert.equal(tool.color, 2);
});

test("stepping through colours goes round", async () => {
  const { actions, tool } = await desk();
  actions.stepColor(1);
  assert.equal(tool.color, 0);
  actions.stepColor(-1);
  assert.equal(tool.color, 2);
});

test("cancel lets go of the cursor, then of the colour", async () => {
  const { actions, tool } = await desk();
  tool.set({ color: 1, cursor: { x: 1, y: 1 } });
  actions.cancel();
  assert.deepEqual([tool.cursor, tool.color], [null, 1]);
  actions.cancel();
  assert.equal(tool.color, null);
});

test("a click beside the board lets go of the cell, and keeps the colour", async () => {
  for (const how of [MOUSE, TOUCH]) {
    const { actions, tool, viewport } = await desk();
    tool.set({ color: 1, cursor: { x: 1, y: 1 } });
    viewport.show({ x: 0, y: 0 });
    actions.tap({ x: 10, y: 50 }, how);
    assert.deepEqual([tool.cursor, tool.color], [null, 1]);
    actions.tap({ x: 10, y: 50 }, how);
    assert.equal(tool.color, 1);
  }
});

test("undo says why nothing can be taken back", async () => {
  const { actions, did } = await desk();
  await actions.undo();
  assert.deepEqual(did, [["tell", "nothing_to_undo"]]);
});

test("outside of the board nothing is drawn", async () => {
  const { actions, tool, viewport, sent } = await desk();
  tool.set({ color: 1 });
  viewport.show({ x: 0, y: 0 });
  actions.tap({ x: 10, y: 50 }, MOUSE);
  assert.equal(sent().length, 0);
});

test("a feature may give another colour, or keep a pixel from being placed", async () => {
  const { actions, tool, sent } = await desk();
  tool.set({ color: 1 });
  actions.heed({ color: ({ x }) => (x === 20 ? 2 : null), stroke: () => true });
  actions.tap(CENTRE, MOUSE);
  assert.equal(sent()[0].color, "#000000");
  actions.tap({ x: 62, y: 50 }, MOUSE);
  assert.equal(sent().length, 1);
});

test("a feature may keep a quick stroke from being sent at once", async () => {
  const { actions, tool, staged, sent } = await desk();
  tool.set({ color: 1, stroke: true, quick: true });
  actions.heed({ color: (_, color) => color, stroke: () => false });
  actions.tap(CENTRE, MOUSE);
  assert.deepEqual([staged.size, sent().length], [1, 0]);
  actions.placeHere();
  assert.equal(sent().length, 1);
});

test("while the tool rests nothing draws, and a click, tap or Enter tells who drew", async () => {
  const { actions, tool, sent, did } = await desk();
  tool.set({ color: 1, stroke: true });
  tool.rest();
  actions.tap(CENTRE, MOUSE);
  actions.tap(CENTRE, TOUCH);
  actions.placeHere();
  actions.pressHere();
  assert.deepEqual(did, Array(4).fill(["inspect", 20, 20]));
  did.length = 0;
  for (const act of [
    () => actions.chooseColor(1),
    () => actions.stepColor(1),
    () => actions.pickHere(),
    () => actions.toggle("stroke"),
    () => actions.undo(),
  ]) {
    act();
  }
  assert.deepEqual(did, Array(5).fill(["tell", "looking_back"]));
  assert.deepEqual([sent().length, tool.color, actions.stroke.ready], [0, null, false]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { UNDO_MS, Undo } from "../../../canvas/static/canvas/state/undo.js";
import { livePage, PALETTE, settle } from "../support.js";

/** @import { Placement } from "../../../canvas/static/canvas/sync/protocol.js" */

const NOTHING = { seq: null, color: "#FFFFFF", username: null, timestamp: null };

/**
 * Make a live page whose server knows the history of its only cell, and an undo.
 * @param {object} [hello]
 */
async function artist(hello = {}) {
  const parts = await livePage();
  const { server, session, time } = parts;
  server.hello({ cooldown_ms: 0, ...hello });
  /** The newest first. @type {Placement[]} */
  const history = [];
  const online = { now: true };
  const undo = new Undo(session, {
    timers: time.timers,
    lookUp: async () => {
      if (!online.now) throw new TypeError("no network");
      return { ...NOTHING, history, now: 0 };
    },
  });
  const sent = () => server.socket.sent.filter(({ type }) => type === "pixel_update");
  /**
   * @param {number} index
   * @param {string} [id] of the placement, if it is ours
   */
  const commit = (index, id) => {
    const frame = server.write([2, 1, index]);
    history.unshift({ ...NOTHING, seq: server.seq, color: PALETTE[index] });
    if (id) server.socket.event({ type: "ack", id, seq: server.seq, cooldown_ms: 0 });
    server.socket.frame(frame);
  };
  /** @param {number} index */
  const draw = (index) => commit(index, session.place(2, 1, index)?.id);
  /** Undo, and let the server take it. */
  const back = async () => {
    const problem = await undo.takeBack();
    const { id, color } = sent().at(-1) ?? {};
    if (!problem) commit(PALETTE.indexOf(String(color)), String(id));
    return problem;
  };
  return { ...parts, undo, sent, commit, draw, back, online };
}

test("the newest pixel is taken back to what was there before, over its own seq", async () => {
  const { undo, draw, commit, back, sent, board } = await artist();
  assert.equal(undo.possible, false);
  commit(2);
  draw(1);
  assert.equal(undo.possible, true);
  assert.equal(await back(), null);
  const { color, over } = sent()[1];
  assert.deepEqual([color, over], ["#000000", 2]);
  assert.equal(board.get(2, 1), 2);
  assert.equal(undo.possible, false, "what was undone is not undone again");
});

test("a cell that was empty becomes background", async () => {
  const { draw, back, sent } = await artist();
  draw(1);
  await back();
  assert.equal(sent()[1].color, "#FFFFFF");
});

test("one after the other is taken back, on one cell too", async () => {
  const { draw, back, sent } = await artist();
  draw(1);
  draw(2);
  await back();
  assert.deepEqual([sent()[2].color, sent()[2].over], ["#FF0000", 2]);
  await back();
  assert.deepEqual([sent()[3].color, sent()[3].over], ["#FFFFFF", 3]);
  assert.equal(await back(), "nothing_to_undo");
});

test("what others drew over stays, known before or found by the server", async () => {
  const { undo, draw, commit, back, server, sent, heard } = await artist();
  draw(1);
  commit(2);
  assert.equal(await back(), "drawn_over");
  assert.equal(undo.possible, false);
  draw(1);
  await undo.takeBack();
  server.socket.event({ type: "error", id: sent().at(-1)?.id, code: "drawn_over" });
  assert.equal(heard.at(-1)?.code, "drawn_over");
  assert.equal(undo.possible, false);
});

test("after a minute it stays", async () => {
  const { undo, draw, time, back } = await artist();
  draw(1);
  let changes = 0;
  undo.on("change", () => changes++);
  await time.pass(UNDO_MS - 1);
  assert.deepEqual([undo.possible, changes], [true, 0]);
  await time.pass(1);
  assert.deepEqual([undo.possible, changes], [false, 1]);
  assert.equal(await back(), "nothing_to_undo");
});

test("it is paid: during the cooldown it waits, and can be tried again", async () => {
  const { undo, session, commit, server, heard, sent, time } = await artist({ cooldown_ms: 5000 });
  const pending = session.place(2, 1, 1);
  commit(1);
  server.socket.event({ type: "ack", id: pending?.id, seq: 1, cooldown_ms: 5000 });
  await undo.takeBack();
  assert.equal(heard.at(-1)?.code, "cooldown");
  assert.equal(undo.possible, true);
  await time.pass(5000);
  await undo.takeBack();
  assert.equal(sent().length, 2);
});

test("two presses ask once, and a lost network leaves it possible", async () => {
  const { undo, draw, online, sent } = await artist();
  draw(1);
  online.now = false;
  assert.equal(await undo.takeBack(), "undo_failed");
  assert.equal(undo.possible, true);
  online.now = true;
  const first = undo.takeBack();
  assert.equal(undo.possible, false);
  assert.equal(await undo.takeBack(), "waiting");
  await first;
  await settle();
  assert.equal(sent().length, 2);
});

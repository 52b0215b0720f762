import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_STAGED, Staged } from "../../../canvas/static/canvas/state/staged.js";
import { livePage } from "../support.js";

const ROW = [0, 1, 2, 3].map((x) => ({ x, y: 1 }));

/** @param {object} [hello] */
async function artist(hello = { cooldown_ms: 0 }) {
  const parts = await livePage({ width: 200, height: 4 });
  parts.server.hello(hello);
  const { session, board, time, server } = parts;
  const staged = new Staged(session, { board, timers: time.timers });
  /** @type {unknown[]} */
  const told = [];
  staged.on("done", (result) => told.push(result));
  staged.on("refused", ({ code }) => told.push(code));
  const sent = () => server.socket.sent.filter(({ type }) => type === "pixel_update");
  /** @param {object} [ack] */
  const accept = (ack = { cooldown_ms: 0 }) => {
    const { id, x, y } = sent().at(-1) ?? {};
    const frame = server.write([Number(x), Number(y), 1]);
    server.socket.event({ type: "ack", id, seq: server.seq, ...ack });
    server.socket.frame(frame);
  };
  /** @param {string} code */
  const refuse = (code, more = {}) => {
    server.socket.event({ type: "error", id: sent().at(-1)?.id, code, ...more });
  };
  return { ...parts, staged, sent, accept, refuse, told };
}

test("what is staged is shown, and sent only when the person says so", async () => {
  const { staged, sent } = await artist();
  staged.begin();
  staged.draw(ROW, 1);
  assert.deepEqual(
    staged.waiting.map(({ x }) => x),
    [0, 1, 2, 3],
  );
  assert.deepEqual([staged.size, sent().length], [4, 0]);
});

test("they go one by one, in order, and the end is told", async () => {
  const { staged, sent, accept, told } = await artist();
  staged.begin();
  staged.draw(ROW, 1);
  staged.go();
  for (const x of [0, 1, 2, 3]) {
    assert.deepEqual([sent().length, sent()[x].x], [x + 1, x], "the next waits for the answer");
    accept();
  }
  assert.deepEqual([staged.size, staged.going, told], [0, false, [{ drawn: 4, refused: 0 }]]);
});

test("saved charges go at once, the rest as they come back", async () => {
  const { staged, sent, accept, time } = await artist({
    cooldown_ms: 5000,
    charges: 2,
    charges_left: 2,
  });
  staged.begin();
  staged.draw(ROW, 1);
  staged.go();
  accept({ cooldown_ms: 0, charges_left: 1 });
  accept({ cooldown_ms: 5000, charges_left: 0 });
  assert.equal(sent().length, 2);
  await time.pass(4999);
  assert.equal(sent().length, 2);
  await time.pass(1);
  assert.equal(sent().length, 3);
});

test("a refused one comes back crossed out, and the others are drawn", async () => {
  const { staged, accept, refuse, told, time } = await artist();
  staged.begin();
  staged.draw(ROW.slice(0, 2), 1);
  staged.go();
  refuse("protected");
  assert.deepEqual(
    staged.refused.map(({ x }) => x),
    [0],
  );
  accept();
  assert.deepEqual(told, ["protected", { drawn: 1, refused: 1 }]);
  await time.pass(8000);
  assert.deepEqual(staged.refused, []);
});

test("a refusal for now is tried again, in its order and untold", async () => {
  const { staged, sent, accept, refuse, told, time } = await artist();
  staged.begin();
  staged.draw(ROW.slice(0, 2), 1);
  staged.go();
  refuse("busy", { retry_after_ms: 1000 });
  assert.equal(staged.size, 2);
  await time.pass(1000);
  assert.deepEqual([sent().length, sent()[1].x], [2, 0]);
  accept();
  accept();
  assert.deepEqual(told, [{ drawn: 2, refused: 0 }]);
});

test("what holds for all stops them, and none is lost", async () => {
  const { staged, sent, refuse, told } = await artist();
  staged.begin();
  staged.draw(ROW, 1);
  staged.go();
  refuse("banned");
  assert.deepEqual([staged.going, staged.size, sent().length, told], [false, 4, 1, ["banned"]]);
});

test("without a connection they wait for it", async () => {
  const { staged, server, sent, accept, time } = await artist();
  staged.begin();
  staged.draw(ROW.slice(0, 2), 1);
  staged.go();
  accept();
  server.socket.closed(1006);
  assert.equal(staged.size, 1);
  await time.pass(5000);
  server.hello({ cooldown_ms: 0 });
  assert.equal(sent()[0].x, 1);
});

test("what is left can be let go; what is on its way cannot", async () => {
  const { staged, sent, accept, told } = await artist();
  staged.begin();
  staged.draw(ROW, 1);
  staged.go();
  staged.cancel();
  assert.deepEqual([staged.size, staged.waiting.length], [1, 0]);
  accept();
  assert.deepEqual([sent().length, staged.going, told], [1, false, [{ drawn: 1, refused: 0 }]]);
});

test("the newest stroke is taken back by itself", async () => {
  const { staged } = await artist();
  assert.equal(staged.takeBack(), false);
  for (const cells of [ROW.slice(0, 1), ROW.slice(1)]) {
    staged.begin();
    staged.draw(cells, 1);
  }
  assert.equal(staged.takeBack(), true);
  assert.equal(staged.size, 1);
});

test("nothing is staged beside the board, nor what is there already", async () => {
  const { staged, board, sent } = await artist();
  board.set(0, 1, 1);
  staged.begin();
  staged.draw([...ROW, { x: -1, y: 1 }, { x: 0, y: 4 }], 1);
  assert.equal(staged.size, 3);
  board.set(1, 1, 1); // drawn by another since
  staged.go();
  assert.equal(sent()[0].x, 2);
});

test("there is a bound, and it is told", async () => {
  const { staged } = await artist();
  staged.begin();
  const cells = Array.from({ length: MOST_STAGED + 1 }, (_, x) => ({ x, y: 0 }));
  assert.equal(staged.draw(cells.slice(1), 1), true);
  assert.equal(staged.draw(cells, 1), false);
  assert.equal(staged.size, MOST_STAGED);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { livePage, page, settle } from "../support.js";

test("the board comes first, then the stream from its seq", async () => {
  const { connection, server, states } = page();
  server.write([0, 0, 1], [1, 0, 1]);
  connection.load();
  assert.equal(server.sockets.length, 0);
  await settle();
  assert.equal(server.socket.since, 2);
  server.hello();
  assert.deepEqual(states, ["live"]);
});

test("it is catching up until the replay reaches what hello announced", async () => {
  const { connection, server, states, board } = page();
  connection.load();
  await settle();
  const missed = server.write([3, 1, 2]);
  server.hello();
  assert.equal(connection.state, "catching_up");
  server.socket.frame(missed);
  assert.deepEqual(states, ["catching_up", "live"]);
  assert.deepEqual(board.cells, server.bytes);
});

test("a hole resumes from the last pixel, without a new board", async () => {
  const { time, server, connection, board } = await livePage();
  const [first, second] = [server.write([0, 0, 1]), server.write([1, 0, 2])];
  server.socket.frame(second);
  await time.pass(0);
  assert.equal(server.sockets.length, 2);
  assert.equal(server.sockets[0].open, false);
  assert.equal(server.socket.since, 0);
  server.hello();
  server.socket.frame(first);
  server.socket.frame(second);
  assert.equal(connection.state, "live");
  assert.equal(server.fetches, 1);
  assert.deepEqual(board.cells, server.bytes);
});

test("what an abandoned socket still says is not heard", async () => {
  const { time, server, board } = await livePage();
  const old = server.socket;
  old.closed(1006);
  await time.pass(1000);
  old.frame(server.write([0, 0, 1]));
  assert.equal(board.get(0, 0), 0);
});

test("holes without end do not make a storm", async () => {
  const { time, server, connection } = await livePage();
  for (let i = 0; i < 200; i++) {
    if (connection.open) server.socket.frame(server.write([0, 0, 1], [1, 0, 1]).slice(0, 17 + 5));
    server.seq += 5;
    await time.pass(100);
    if (server.socket.open && !connection.open) server.hello();
    if (connection.open) server.socket.frame(server.write([0, 0, 1]));
  }
  assert.ok(server.sockets.length < 12, `${server.sockets.length} connections in 20 s`);
});

test("resync fetches the board on the same socket and holds what arrives", async () => {
  const { server, board, connection } = await livePage();
  server.write([0, 0, 1]);
  server.socket.event({ type: "resync", seq: server.seq });
  const during = server.write([1, 0, 2]);
  server.socket.frame(during);
  assert.equal(connection.state, "catching_up");
  await settle();
  assert.equal(server.sockets.length, 1);
  assert.equal(server.fetches, 2);
  assert.equal(connection.state, "live");
  assert.deepEqual(board.cells, server.bytes);
});

test("a resync answered with a stale board resumes by itself", async () => {
  const { server, time, connection } = await livePage();
  server.socket.event({ type: "resync", seq: 5 });
  await settle();
  assert.equal(connection.state, "catching_up");
  await time.pass(4_000);
  assert.equal(server.sockets.length, 2);
  assert.equal(server.socket.since, 0);
});

test("a position goes with the epoch that counts it", async () => {
  const { server } = await livePage();
  assert.equal(server.socket.epoch, String(server.epoch));
});

test("a page that was ahead of the ledger follows down", async () => {
  const { server, time, connection, board } = await livePage();
  for (let seq = 1; seq <= 20; seq += 1) server.socket.frame(server.write([seq % 4, 0, 1]));
  assert.equal(connection.stream.last, 20);
  server.socket.closed(1012);
  server.seq = 10;
  server.bytes.fill(3);
  await time.pass(2_000);
  server.hello();
  server.socket.event({ type: "resync", seq: 10 });
  await settle();
  assert.equal(connection.state, "live");
  assert.equal(connection.stream.last, 10);
  assert.deepEqual(board.cells, server.bytes);
  const sockets = server.sockets.length;
  await time.pass(10_000);
  assert.equal(server.sockets.length, sockets, "nothing is missing: no socket is dropped");
});

test("another epoch fetches the board anew", async () => {
  const { server, time, board, connection } = await livePage();
  server.socket.closed(1012);
  Object.assign(server, { epoch: "e2", seq: 3 });
  server.bytes.fill(2);
  await time.pass(2_000);
  server.hello();
  await settle();
  assert.deepEqual(board.cells, server.bytes);
  assert.equal(connection.state, "live");
});

test("a canvas of another size fetches the board anew", async () => {
  const { server, board } = await livePage();
  Object.assign(server, { width: 3, height: 3, bytes: new Uint8Array(9).fill(1) });
  server.socket.event({
    type: "canvas_changed",
    width: 3,
    height: 3,
    palette: [],
    epoch: "e1",
    seq: server.seq,
  });
  await settle();
  assert.equal(board.width, 3);
});

test("a lost connection is retried with growing, jittered waits", async () => {
  const { server, time, states } = await livePage({ random: () => 1 });
  const waits = [];
  for (let i = 0; i < 8; i++) {
    server.socket.closed(1006);
    const [before, count] = [time.now, server.sockets.length];
    while (server.sockets.length === count) await time.pass(100);
    waits.push(time.now - before);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  assert.deepEqual(states, ["live", "reconnecting"]);
});

test("a connection that was healthy starts over with small waits", async () => {
  const { server, time } = await livePage({ random: () => 1 });
  for (const code of [1006, 1006, 1006]) {
    server.socket.closed(code);
    await time.pass(5_000);
  }
  server.hello();
  await time.pass(10_000);
  server.socket.closed(1006);
  const count = server.sockets.length;
  await time.pass(500);
  assert.equal(server.sockets.length, count + 1);
});

/** @type {[number, string][]} */
const FINAL = [
  [4400, "protocol"],
  [4401, "login_required"],
  [4403, "banned"],
];

for (const [code, reason] of FINAL) {
  test(`close code ${code} is final`, async () => {
    const { server, time, connection } = await livePage();
    server.socket.closed(code);
    await time.pass(600_000);
    connection.nudge();
    connection.resume();
    await time.pass(600_000);
    assert.equal(server.sockets.length, 1);
    assert.equal(connection.state, "stopped");
    assert.equal(connection.reason, reason);
  });
}

test("flooding waits at least five seconds", async () => {
  const { server, time } = await livePage({ random: () => 0 });
  server.socket.closed(4429);
  await time.pass(4_999);
  assert.equal(server.sockets.length, 1);
  await time.pass(1);
  assert.equal(server.sockets.length, 2);
});

test("too slow fetches the board before it connects again", async () => {
  const { server, time } = await livePage();
  server.write([0, 0, 1]);
  server.socket.closed(4408);
  await time.pass(2_000);
  assert.equal(server.fetches, 2);
  assert.equal(server.socket.since, 1);
});

test("a board of another past is taken while there is no socket to tell of it", async () => {
  const { server, time, board, connection } = await livePage();
  for (let seq = 1; seq < 6; seq++) server.write([0, 0, 1]);
  server.socket.closed(4408);
  Object.assign(server, { epoch: "e2", seq: 3 });
  server.bytes.fill(2);
  await time.pass(20_000);
  assert.equal(server.socket.epoch, "e2");
  server.hello();
  await settle();
  assert.deepEqual(board.cells, server.bytes);
  assert.equal(connection.state, "live");
});

test("a board that cannot be fetched is tried again, an unknown canvas is not", async () => {
  const { server, time, connection } = page();
  server.fail = new Error("down");
  connection.load();
  await time.pass(20_000);
  assert.ok(server.fetches > 2);
  assert.equal(connection.state, "reconnecting");
  server.fail = Object.assign(new Error("no such canvas"), { stop: true, code: "canvas_unknown" });
  await time.pass(60_000);
  assert.equal(connection.state, "stopped");
  const { fetches } = server;
  await time.pass(60_000);
  assert.equal(server.fetches, fetches);
});

test("a connection that went silent is probed, then resumed", async () => {
  const { server, time } = await livePage();
  await time.pass(25_000);
  assert.deepEqual(server.socket.sent, [{ type: "ping" }]);
  await time.pass(5_000);
  await time.pass(0);
  assert.equal(server.sockets.length, 2);
});

test("any answer to a probe, even an error, keeps the connection and is not shown", async () => {
  const { server, time, heard } = await livePage();
  await time.pass(25_000);
  server.socket.event({ type: "error", code: "message_invalid", detail: "Unknown type." });
  await time.pass(5_000);
  assert.equal(server.sockets.length, 1);
  assert.deepEqual(heard, []);
});

test("a nudge tries at once instead of waiting out the back-off", async () => {
  const { server, connection } = await livePage({ random: () => 1 });
  server.socket.closed(1013);
  connection.nudge();
  assert.equal(server.sockets.length, 2);
});

test("a frame that makes no sense resumes", async () => {
  const { server, time } = await livePage();
  server.socket.frame(new ArrayBuffer(3));
  await time.pass(0);
  assert.equal(server.sockets.length, 2);
});

test("damaged is told before degraded, and its end", async () => {
  const { connection, server, states } = await livePage();
  server.socket.event({ type: "status", degraded: true, damaged: true });
  assert.equal(connection.best, "damaged");
  server.socket.event({ type: "status", degraded: true, damaged: false });
  server.socket.event({ type: "status", degraded: false });
  assert.deepEqual(states, ["live", "damaged", "degraded", "live"]);
});

test("degraded is told, and its end", async () => {
  const { server, states } = await livePage();
  server.socket.event({ type: "status", degraded: true });
  server.socket.event({ type: "status", degraded: false });
  assert.deepEqual(states, ["live", "degraded", "live"]);
});

test("a page that is hidden for a minute wants no pixels until it is shown", async () => {
  const { server, time, connection, board } = await livePage();
  connection.attention.hide(true);
  await idle(time, server, 59);
  assert.equal(views(server.socket).length, 0);
  await idle(time, server, 2);
  assert.deepEqual(views(server.socket), [true]);
  const missed = server.write([0, 0, 1], [1, 0, 2]);
  server.socket.event({ type: "pong", seq: server.seq });
  await idle(time, server, 20);
  assert.equal(server.sockets.length, 1, "it does not take itself for stuck");
  connection.attention.hide(false);
  assert.deepEqual(views(server.socket), [true, false]);
  server.socket.frame(missed);
  assert.equal(connection.state, "live");
  assert.deepEqual(board.cells, server.bytes);
});

test("a page that is hidden for moments changes nothing", async () => {
  const { server, time, connection } = await livePage();
  for (let times = 0; times < 5; times += 1) {
    connection.attention.hide(true);
    await idle(time, server, 30);
    connection.attention.hide(false);
  }
  assert.equal(views(server.socket).length, 0);
});

test("a hidden page that connects anew says so again", async () => {
  const { server, time, connection } = await livePage();
  connection.attention.hide(true);
  await idle(time, server, 61);
  server.socket.closed(1012);
  await time.pass(5_000);
  server.hello();
  assert.deepEqual(views(server.socket), [true]);
  connection.attention.hide(false);
  assert.deepEqual(views(server.socket), [true, false]);
});

/**
 * Let so many seconds pass in which the server answers.
 * @param {ReturnType<typeof page>["time"]} time
 * @param {ReturnType<typeof page>["server"]} server
 * @param {number} seconds
 */
async function idle(time, server, seconds) {
  for (let second = 0; second < seconds; second += 1) {
    await time.pass(1_000);
    server.socket.event({ type: "pong", seq: server.seq });
  }
}

/**
 * List what a socket was told about whether anybody looks.
 * @param {import("../support.js").ScriptedSocket} socket
 */
function views({ sent }) {
  return sent.filter((message) => message.type === "view").map((message) => message.paused);
}

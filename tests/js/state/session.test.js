import assert from "node:assert/strict";
import { test } from "node:test";

import { livePage, page, settle } from "../support.js";

test("a placement is sent, and confirmed only by the stream", async () => {
  const { session, server, board, heard } = await livePage();
  session.place(2, 1, 1);
  assert.deepEqual(server.socket.sent, [
    { type: "pixel_update", id: "op-1", x: 2, y: 1, color: "#FF0000" },
  ]);
  assert.equal(board.get(2, 1), 0);
  server.socket.event({ type: "ack", id: "op-1", seq: 1, cooldown_ms: 5000 });
  assert.equal(session.placements.size, 1);
  server.socket.frame(server.write([2, 1, 1]));
  assert.equal(board.get(2, 1), 1);
  assert.equal(session.placements.size, 0);
  assert.equal(heard[0].name, "placed");
});

test("the stream may be faster than the ack", async () => {
  const { session, server, heard } = await livePage();
  session.place(2, 1, 1);
  server.socket.frame(server.write([2, 1, 1]));
  assert.equal(session.placements.size, 1);
  server.socket.event({ type: "ack", id: "op-1", seq: 1, cooldown_ms: 0 });
  assert.equal(session.placements.size, 0);
  assert.equal(heard[0].name, "placed");
});

test("a refusal undoes the placement and says why", async () => {
  const { session, server, board, heard } = await livePage();
  session.place(2, 1, 1);
  server.socket.event({
    type: "error",
    id: "op-1",
    code: "cooldown",
    field: null,
    detail: "Wait.",
    retry_after_ms: 3000,
  });
  assert.equal(session.placements.size, 0);
  assert.equal(board.get(2, 1), 0);
  assert.equal(session.cooldown.remaining, 3000);
  assert.deepEqual(
    [heard[0].name, heard[0].code, heard[0].detail],
    ["refused", "cooldown", "Wait."],
  );
});

test("a refusal does not undo what others drew there meanwhile", async () => {
  const { session, server, board } = await livePage();
  session.place(2, 1, 1);
  server.socket.frame(server.write([2, 1, 2]));
  server.socket.event({ type: "error", id: "op-1", code: "cooldown", detail: "Wait." });
  assert.equal(board.get(2, 1), 2);
});

test("an unanswered placement is sent again with its id after a reconnect", async () => {
  const { session, server, time } = await livePage();
  session.place(2, 1, 1);
  server.socket.closed(1006);
  await time.pass(1_000);
  assert.equal(server.socket.sent.length, 0);
  server.hello();
  assert.equal(server.socket.sent[0].id, "op-1");
});

test("an acknowledged placement is not sent again", async () => {
  const { session, server, time } = await livePage();
  session.place(2, 1, 1);
  server.socket.event({ type: "ack", id: "op-1", seq: 1, cooldown_ms: 0 });
  server.socket.closed(1006);
  await time.pass(1_000);
  server.hello();
  assert.deepEqual(server.socket.sent, []);
});

test("a placement that a fresh board already contains is settled", async () => {
  const { session, server } = await livePage();
  session.place(2, 1, 1);
  server.write([2, 1, 1]);
  server.socket.event({ type: "ack", id: "op-1", seq: 1, cooldown_ms: 0 });
  server.socket.event({ type: "resync", seq: 1 });
  await settle();
  assert.equal(session.placements.size, 0);
});

test("a placement that is never answered is asked again, then given up", async () => {
  const { connection, session, server, time, heard } = await livePage();
  session.place(2, 1, 1);
  for (let i = 0; i < 60 && !heard.length; i++) {
    await time.pass(1_000);
    if (!connection.open) server.hello();
  }
  assert.equal(heard[0].code, "no_answer");
  assert.equal(session.placements.size, 0);
  const sent = server.sockets.flatMap((socket) => socket.sent).filter(({ id }) => id === "op-1");
  assert.equal(sent.length, 3);
});

test("a second placement waits for the first one's answer", async () => {
  const { session, server, heard } = await livePage();
  session.place(2, 1, 1);
  session.place(3, 1, 1);
  assert.equal(server.socket.sent.length, 1);
  assert.equal(heard[0].code, "waiting");
});

test("without a cooldown many placements may be under way", async () => {
  const { session, server } = await livePage();
  server.hello({ cooldown_ms: 0 });
  for (let x = 0; x < 5; x++) session.place(x, 1, 1);
  assert.equal(server.socket.sent.length, 5);
});

test("the cooldown counts remaining time and tells when it ends", async () => {
  const { session, server, time, heard } = await livePage();
  session.place(2, 1, 1);
  server.socket.event({ type: "ack", id: "op-1", seq: 1, cooldown_ms: 5000 });
  await time.pass(4_999);
  session.place(3, 1, 1);
  assert.equal(heard.at(-1)?.code, "cooldown");
  await time.pass(1);
  assert.equal(heard.at(-1)?.name, "ready");
  session.place(3, 1, 1);
  assert.equal(server.socket.sent.length, 2);
});

test("who has saved pixels up may send as many before an answer", async () => {
  const { session, server, heard } = await livePage();
  server.hello({ charges: 3, charges_left: 2 });
  for (let x = 0; x < 3; x++) session.place(x, 1, 1);
  assert.equal(server.socket.sent.length, 2);
  assert.equal(heard.at(-1)?.code, "waiting");
});

test("an ack says how many are left, and the last one starts the wait", async () => {
  const { session, server } = await livePage();
  server.hello({ charges: 2, charges_left: 2 });
  session.place(1, 1, 1);
  server.socket.event({ type: "ack", id: "op-1", seq: 1, cooldown_ms: 0, charges_left: 1 });
  assert.deepEqual([session.charges.left, session.cooldown.ready], [1, true]);
  session.place(2, 1, 1);
  server.socket.event({ type: "ack", id: "op-2", seq: 2, cooldown_ms: 4000, charges_left: 0 });
  assert.deepEqual([session.charges.left, session.cooldown.remaining], [0, 4000]);
});

test("each pixel that is saved up again is told", async () => {
  const { session, server, time } = await livePage();
  /** @type {number[]} */
  const told = [];
  session.on("cooldown", () => told.push(session.charges.left));
  server.hello({ charges: 3, charges_left: 0, retry_after_ms: 2000 });
  await time.pass(20_000);
  assert.deepEqual(told, [0, 1, 2, 3]);
});

test("a guest's cooldown is a guest's", async () => {
  const { session, server } = await livePage();
  server.hello({ guest_cooldown_ms: 9000 });
  assert.equal(session.canvas.cooldownMs, 9000);
  server.hello({ guest_cooldown_ms: 9000, guest: false });
  assert.equal(session.canvas.cooldownMs, 5000);
});

test("hello brings what is left of a cooldown", async () => {
  const { session, server } = await livePage();
  server.hello({ retry_after_ms: 1234 });
  assert.equal(session.cooldown.remaining, 1234);
});

test("nothing is placed while disconnected or frozen", async () => {
  const { session, server, heard } = await livePage();
  server.hello({ frozen: true });
  session.place(1, 1, 1);
  server.socket.closed(1006);
  session.place(1, 1, 1);
  assert.deepEqual(
    heard.map(({ code }) => code),
    ["canvas_frozen", "not_connected"],
  );
});

test("nothing is placed on a damaged canvas", async () => {
  const { session, server, heard } = await livePage();
  server.socket.event({ type: "status", degraded: false, damaged: true });
  session.place(1, 1, 1);
  server.socket.event({ type: "status", degraded: false, damaged: false });
  session.place(1, 1, 1);
  assert.deepEqual(
    heard.map(({ code }) => code),
    ["damaged"],
  );
  assert.equal(session.placements.size, 1);
});

test("a ban gives pending placements up", async () => {
  const { session, server, heard } = await livePage();
  session.place(1, 1, 1);
  server.socket.closed(4403);
  assert.equal(session.placements.size, 0);
  assert.equal(heard[0].code, "banned");
});

test("a guest's nickname goes along, an account's does not", async () => {
  const { session, server } = await livePage();
  session.me.nickname = "Ada";
  server.hello({ cooldown_ms: 0 });
  session.place(1, 1, 1);
  server.hello({ guest: false, username: "bob", cooldown_ms: 0 });
  session.place(2, 1, 1);
  const names = server.socket.sent
    .filter(({ type }) => type === "pixel_update")
    .map((m) => m.username);
  assert.deepEqual([names[0], names.at(-1)], ["Ada", undefined]);
});

test("people are the server's aggregate", async () => {
  const { session, server } = await livePage();
  server.socket.event({ type: "stats", activeUsers: 300, timestamp: 1 });
  server.socket.event({ type: "user_list", users: ["<b>", "Ada"], total: 300, timestamp: 1 });
  assert.deepEqual(session.people, { count: 300, names: ["<b>", "Ada"], total: 300 });
});

test("an error of no placement is told as trouble", async () => {
  const { server, heard } = await livePage();
  server.socket.event({ type: "error", code: "flooding", detail: "Slow down." });
  assert.deepEqual([heard[0].name, heard[0].code], ["trouble", "flooding"]);
});

test("junk from the server changes nothing", async () => {
  const { server, connection } = await livePage();
  for (const text of ["", "null", '{"type":"later"}', '{"type":"ack"}']) server.socket.text(text);
  assert.equal(connection.state, "live");
});

test("nothing can be placed before the first hello", () => {
  const { session, heard } = page();
  session.place(0, 0, 1);
  assert.equal(heard[0].code, "not_connected");
});

/**
 * @param {number} from
 * @param {number} count
 */
function names(from, count) {
  return Array.from({ length: count }, (_, index) => `name-${from + index}`);
}

test("people are asked for when their list opens, and the rest by pages", async () => {
  const { session, server } = await livePage();
  session.askForPeople();
  server.socket.event({ type: "user_list", users: names(0, 200), total: 450 });
  session.askForPeople(200);
  server.socket.event({ type: "user_list", users: names(200, 200), total: 450, offset: 200 });
  session.askForPeople(400);
  assert.deepEqual(
    server.socket.sent,
    [0, 200, 400].map((offset) => ({ type: "people", offset })),
  );
  server.socket.event({ type: "user_list", users: names(400, 30), total: 450, offset: 400 });
  const { names: known, total } = session.people;
  assert.deepEqual([known, total, session.morePeople], [names(0, 430), 450, false]);
});

test("a list that comes by itself leaves a longer one as it is", async () => {
  const { session, server } = await livePage();
  server.socket.event({ type: "user_list", users: names(0, 200), total: 450 });
  server.socket.event({ type: "user_list", users: names(200, 200), total: 450, offset: 200 });
  server.socket.event({ type: "user_list", users: names(1, 200), total: 449 });
  assert.deepEqual(session.people.names, names(0, 400));
  assert.equal(session.people.total, 449);
  session.askForPeople();
  server.socket.event({ type: "user_list", users: names(1, 200), total: 449 });
  assert.deepEqual(session.people.names, names(1, 200));
});

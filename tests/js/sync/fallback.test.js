import assert from "node:assert/strict";
import { test } from "node:test";

import { withFallback } from "../../../canvas/static/canvas/sync/fallback.js";
import { pollingOver } from "../../../canvas/static/canvas/sync/polling.js";
import { decodeFrame } from "../../../canvas/static/canvas/sync/protocol.js";
import { FakeTime, PALETTE, page, settle } from "../support.js";

/** @import { Changes, PlaceCommand } from "../../../canvas/static/canvas/sync/protocol.js" */

/** A server that is asked over HTTP. */
function httpServer() {
  const rules = {
    seq: 0,
    epoch: "e1",
    width: 8,
    height: 4,
    palette: PALETTE,
    cooldown_ms: 5000,
    frozen: false,
  };
  const server = {
    rules,
    /** @type {(Error & {code?: string, ours?: boolean, retryAfter?: number}) | null} */
    fail: null,
    looks: 0,
    /** @type {Changes["placements"]} */
    placements: [],
    /** @type {PlaceCommand[]} */
    placed: [],
    /**
     * @param {number} x
     * @param {string} color
     */
    draw(x, color) {
      rules.seq += 1;
      server.placements.push({ seq: rules.seq, x, y: 0, color });
    },
    http: {
      self: { username: "guest-1", guest: true },
      canvas: async () => {
        if (server.fail) throw server.fail;
        return { ...rules };
      },
      /** @param {number} since @param {string | null} epoch */
      changes: async (since, epoch) => {
        server.looks += 1;
        if (server.fail) throw server.fail;
        if (epoch !== rules.epoch) throw Object.assign(new Error(), { code: "epoch_changed" });
        const all = server.placements.filter(({ seq }) => seq > since);
        const placements = all.slice(0, 2);
        const seq = placements.at(-1)?.seq ?? since;
        return { seq, more: all.length > 2, placements };
      },
      /** @param {PlaceCommand} command */
      place: async (command) => {
        if (server.fail) throw server.fail;
        server.placed.push(command);
        server.draw(command.x, command.color);
        return { seq: rules.seq, cooldown_ms: 5000, charges_left: 0 };
      },
    },
  };
  return server;
}

/**
 * Open the slower way by itself.
 * @param {ReturnType<typeof httpServer>} server
 */
function opened(server) {
  const time = new FakeTime();
  /** @type {Record<string, unknown>[]} */
  const events = [];
  /** @type {number[]} */
  const seqs = [];
  /** @type {number[]} */
  const closes = [];
  const socket = pollingOver(server.http, time.timers)(
    { since: 0, epoch: "e1" },
    {
      frame: (buffer) => seqs.push(decodeFrame(buffer)?.lastSeq ?? -1),
      text: (text) => events.push(JSON.parse(text)),
      closed: (code) => closes.push(code),
    },
  );
  return { time, events, seqs, closes, socket };
}

test("the slower way greets, and brings what is new, page by page", async () => {
  const server = httpServer();
  for (const x of [0, 1, 2, 3, 4]) server.draw(x, "#FF0000");
  const { time, events, seqs } = opened(server);
  await settle();
  assert.deepEqual(
    [events[0].type, events[0].slow, events[0].username],
    ["hello", true, "guest-1"],
  );
  assert.deepEqual(seqs, [2, 4, 5]);
  server.draw(5, "#000000");
  await time.pass(2_000);
  assert.deepEqual(seqs, [2, 4, 5, 6]);
});

test("rules are asked for now and then, and a colour that they lack at once", async () => {
  const server = httpServer();
  const { time, events, seqs } = opened(server);
  await time.pass(2_000);
  server.rules.palette = [...PALETTE, "#00FF00"];
  server.draw(1, "#00FF00");
  await time.pass(2_000);
  assert.deepEqual(seqs, [1]);
  assert.equal(events.at(-1)?.type, "canvas_changed");
  server.rules.frozen = true;
  await time.pass(10_000);
  assert.equal(events.at(-1)?.frozen, true);
});

test("a colour that no rules have has the board fetched anew, and makes no storm", async () => {
  const server = httpServer();
  const { time, events } = opened(server);
  await settle();
  server.draw(1, "#123456");
  await time.pass(2_000);
  assert.deepEqual(events.at(-1), { type: "resync", seq: 1 });
  assert.ok(server.looks < 5, `${server.looks} looks`);
});

test("another past begins at its own seq", async () => {
  const server = httpServer();
  const { time, events, seqs } = opened(server);
  await settle();
  Object.assign(server.rules, { epoch: "e2", seq: 40 });
  await time.pass(2_000);
  assert.equal(events.at(-1)?.type, "canvas_changed");
  server.draw(1, "#FF0000");
  await time.pass(2_000);
  assert.deepEqual(seqs, [41]);
});

test("a pixel is placed by a request, and acknowledged", async () => {
  const server = httpServer();
  const { events, socket, seqs } = opened(server);
  await settle();
  socket.send('{"type":"pixel_update","id":"a","x":3,"y":0,"color":"#FF0000"}');
  await settle();
  await settle();
  assert.deepEqual(server.placed, [{ id: "a", x: 3, y: 0, color: "#FF0000" }]);
  const { type, id, seq } = events.at(-1) ?? {};
  assert.deepEqual([type, id, seq], ["ack", "a", 1]);
  assert.deepEqual(seqs, [1]);
});

test("a refusal of the server is told; that of something on the way is not", async () => {
  const server = httpServer();
  const { events, socket } = opened(server);
  await settle();
  const message = '{"type":"pixel_update","id":"a","x":3,"y":0,"color":"#FF0000"}';
  server.fail = Object.assign(new Error(), { code: "intercepted" });
  socket.send(message);
  await settle();
  assert.equal(events.length, 1);
  const refusal = { code: "cooldown", ours: true, retryAfter: 3_000 };
  server.fail = Object.assign(new Error(), refusal);
  socket.send(message);
  await settle();
  assert.deepEqual(events[1], { type: "error", id: "a", code: "cooldown", retry_after_ms: 3_000 });
});

test("a ping is answered by a look, and a paused page looks at nothing", async () => {
  const server = httpServer();
  const { time, events, socket } = opened(server);
  await settle();
  socket.send('{"type":"ping"}');
  await settle();
  assert.deepEqual(events.at(-1), { type: "pong", seq: 0 });
  socket.send('{"type":"view","paused":true}');
  const { looks } = server;
  await time.pass(60_000);
  assert.equal(server.looks, looks);
  socket.send('{"type":"view","paused":false}');
  await settle();
  assert.equal(server.looks, looks + 1);
});

test("three failures in a row end it, one by itself does not", async () => {
  const server = httpServer();
  const { time, closes } = opened(server);
  await settle();
  server.fail = new Error();
  await time.pass(2_000);
  server.fail = null;
  await time.pass(2_000);
  server.fail = new Error();
  await time.pass(4_000);
  assert.deepEqual(closes, []);
  await time.pass(2_000);
  assert.deepEqual(closes, [1006]);
});

/**
 * A page that has both ways.
 * @param {() => number} [random]
 */
function pageWithBoth(random) {
  const server = httpServer();
  const parts = page({ random });
  const live = parts.ports.open;
  parts.ports.open = withFallback(
    live,
    pollingOver(server.http, parts.time.timers),
    parts.time.timers,
  );
  return { ...parts, slow: server, live: parts.server };
}

test("where WebSockets are closed at once it becomes the slower mode, and says so", async () => {
  const { connection, live, time, session, slow } = pageWithBoth();
  connection.load();
  await settle();
  live.socket.closed(1006);
  await time.pass(500);
  live.socket.closed(1006);
  await time.pass(1_000);
  assert.equal(connection.state, "slow");
  session.place(1, 1, 1);
  await settle();
  assert.equal(slow.placed.length, 1);
});

test("where WebSockets are swallowed it waits for one greeting only", async () => {
  const { connection, live, time } = pageWithBoth();
  connection.load();
  await time.pass(8_000);
  await time.pass(500);
  assert.equal(connection.state, "slow");
  assert.equal(live.sockets.length, 1);
});

test("a server that closes by its own codes is not taken for a blocked network", async () => {
  const { connection, live, time, slow } = pageWithBoth(() => 0);
  connection.load();
  await settle();
  for (let i = 0; i < 5; i += 1) {
    live.socket.closed(1013);
    await time.pass(2_000);
  }
  assert.equal(live.sockets.length, 6);
  assert.equal(slow.looks, 0);
});

test("the slower mode ends once a WebSocket greets again", async () => {
  const { connection, live, time, states } = pageWithBoth();
  connection.load();
  await time.pass(8_500);
  assert.equal(connection.state, "slow");
  const before = live.sockets.length;
  await time.pass(5_000);
  assert.equal(live.sockets.length, before + 1);
  assert.equal(connection.state, "slow", "the trial runs beside");
  live.hello();
  await settle();
  await time.pass(0);
  live.hello();
  assert.equal(connection.state, "live");
  assert.deepEqual(states.slice(-3), ["slow", "reconnecting", "live"]);
});

test("trials become rarer, and none goes on after the end", async () => {
  const { connection, live, time } = pageWithBoth();
  connection.load();
  await time.pass(8_500);
  await time.pass(600_000);
  assert.equal(connection.state, "slow");
  assert.ok(live.sockets.length < 13, `${live.sockets.length} WebSockets in ten minutes`);
  connection.stop("banned");
  const { length } = live.sockets;
  await time.pass(600_000);
  assert.equal(live.sockets.length, length);
});

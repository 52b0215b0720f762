import assert from "node:assert/strict";
import { test } from "node:test";

import { page, settle } from "../support.js";

const QUIET_MS = 10_000;

/** A page whose first fetches never end; each tells how it was ended. */
function silentPage() {
  const parts = page();
  /** @type {AbortSignal[]} */
  const signals = [];
  const answer = parts.ports.fetchSnapshot;
  /** @type {{heard: () => void}[]} */
  const fetches = [];
  parts.ports.fetchSnapshot = (fetching) => {
    signals.push(fetching.signal);
    fetches.push(fetching);
    return parts.server.silent ? new Promise(() => {}) : answer(fetching);
  };
  parts.server.silent = true;
  return { ...parts, signals, fetches };
}

test("a fetch that brings nothing is given up and tried again", async () => {
  const { connection, server, signals, time } = silentPage();
  connection.load();
  await time.pass(QUIET_MS - 1);
  assert.equal(connection.state, "connecting");
  await time.pass(1);
  assert.equal(connection.state, "reconnecting");
  assert.equal(signals[0].aborted, true);
  server.silent = false;
  await time.pass(1_000);
  server.hello();
  assert.equal(connection.state, "live");
});

test("a fetch that brings something is left alone, however long it takes", async () => {
  const { connection, fetches, signals, time } = silentPage();
  connection.load();
  for (let i = 0; i < 10; i += 1) {
    await time.pass(QUIET_MS - 1);
    fetches[0].heard();
  }
  assert.equal(signals.length, 1);
  assert.equal(signals[0].aborted, false);
});

test("a click begins a silent fetch anew, and leaves a fresh one alone", async () => {
  const { connection, server, signals, time } = silentPage();
  connection.load();
  connection.nudge();
  assert.equal(signals.length, 1);
  await time.pass(2_000);
  server.silent = false;
  connection.nudge();
  assert.equal(signals.length, 2);
  assert.equal(signals[0].aborted, true);
  await settle();
  server.hello();
  assert.equal(connection.state, "live");
});

test("a click opens anew a WebSocket that does not greet", async () => {
  const { connection, server, time } = page();
  connection.load();
  await time.pass(2_000);
  assert.equal(server.sockets.length, 1);
  connection.nudge();
  assert.equal(server.sockets.length, 2);
  assert.equal(server.sockets[0].open, false);
});

test("a board of another size than it says is a failed load", async () => {
  const { connection, server, time } = page();
  const { bytes } = server;
  server.bytes = bytes.slice(1);
  connection.load();
  await settle();
  assert.equal(connection.state, "reconnecting");
  server.bytes = bytes;
  await time.pass(1_000);
  server.hello();
  assert.equal(connection.state, "live");
});

test("the server's wish to be left alone is kept", async () => {
  const { connection, server, time } = page();
  server.fail = Object.assign(new Error(), { code: "busy", retryAfter: 7_000 });
  connection.load();
  await settle();
  server.fail = null;
  await time.pass(6_900);
  assert.equal(server.fetches, 1);
  await time.pass(100);
  assert.equal(server.fetches, 2);
});

test("a connection that the browser doubts has two seconds to answer", async () => {
  const { connection, server, time } = page();
  connection.load();
  await settle();
  server.hello();
  connection.doubt();
  assert.equal(server.socket.sent.at(-1)?.type, "ping");
  await time.pass(2_000);
  assert.equal(connection.state, "reconnecting");
});

"use strict";
// A foreign gateway on the same Redis: a pod as the original architecture describes it.
// It keeps what that document keeps, KEYS and messages without a seq among them.

const { WebSocketServer, WebSocket } = require("ws");
const { createClient } = require("redis");

const PORT = Number(process.env.PORT);
const REDIS_URL = process.env.REDIS_URL;
const CANVAS_API_URL = process.env.CANVAS_API_URL;
const POD_ID = process.env.POD_ID || `node-${process.pid}`;
const PRESENCE = process.env.PRESENCE !== "0"; // without: for loads that its presence cannot bear
const LEASE_SECONDS = 60;
const HEARTBEAT_MS = 20_000;

const names = new Map(); // WebSocket -> username

function broadcast(event) {
  const frame = JSON.stringify(event);
  for (const socket of names.keys()) {
    if (socket.readyState === WebSocket.OPEN) socket.send(frame);
  }
}

async function tellOfUsers(publisher) {
  if (!PRESENCE) return;
  const lease = { count: names.size, usernames: [...names.values()], timestamp: Date.now() };
  await publisher.setEx(`pod:${POD_ID}:users`, LEASE_SECONDS, JSON.stringify(lease));
  await publisher.publish("user-events", JSON.stringify({ type: "user_update", podId: POD_ID }));
}

async function broadcastAggregate(publisher) {
  let activeUsers = 0;
  let users = [];
  for (const key of await publisher.keys("pod:*:users")) {
    const lease = JSON.parse((await publisher.get(key)) || '{"count":0,"usernames":[]}');
    activeUsers += lease.count;
    users = users.concat(lease.usernames);
  }
  broadcast({ type: "stats", activeUsers, timestamp: Date.now() });
  broadcast({ type: "user_list", users, timestamp: Date.now() });
}

async function place({ x, y, color }, username, publisher) {
  const body = JSON.stringify({ x, y, color });
  const answer = await fetch(`${CANVAS_API_URL}/api/pixel`, { method: "PUT", body });
  if (!answer.ok) throw new Error(`the Canvas API answered ${answer.status}`);
  const event = { type: "pixel_updated", x, y, color, username, timestamp: Date.now() };
  await publisher.publish("pixel-updates", JSON.stringify(event));
}

async function main() {
  const publisher = createClient({ url: REDIS_URL });
  const subscriber = createClient({ url: REDIS_URL });
  for (const client of [publisher, subscriber]) {
    client.on("error", (error) => console.error(error.message));
    await client.connect();
  }
  await subscriber.subscribe("pixel-updates", (message) => broadcast(JSON.parse(message)));
  await subscriber.subscribe("user-events", (message) => {
    if (JSON.parse(message).type === "user_update") return broadcastAggregate(publisher);
  });
  setInterval(() => tellOfUsers(publisher), HEARTBEAT_MS);

  const server = new WebSocketServer({ port: PORT, host: "127.0.0.1" });
  server.on("connection", (socket, request) => {
    const query = new URL(request.url, "http://localhost").searchParams;
    names.set(socket, query.get("username") || "Anonymous");
    tellOfUsers(publisher);
    socket.on("message", (data) => {
      const event = JSON.parse(data);
      if (event.type !== "pixel_update") return;
      place(event, names.get(socket), publisher).catch((error) => console.error(error.message));
    });
    socket.on("close", () => {
      names.delete(socket);
      tellOfUsers(publisher);
    });
  });
  server.on("listening", () => console.log(`${POD_ID} listens on ${PORT}`));
}

main();

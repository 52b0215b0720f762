"use strict";
// socket.io as its documentation has it for several nodes: the Redis adapter, WebSocket transport.

const { createServer } = require("node:http");
const { createAdapter } = require("@socket.io/redis-adapter");
const { createClient } = require("redis");
const { Server } = require("socket.io");

async function main() {
  const publisher = createClient({ url: process.env.REDIS_URL });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const server = createServer();
  new Server(server, {
    adapter: createAdapter(publisher, subscriber),
    transports: ["websocket"],
  });
  server.listen(Number(process.env.PORT), "127.0.0.1");
}

main();

"use strict";
// Another process of the same service: emits to everyone what Redis carries.

const { Emitter } = require("@socket.io/redis-emitter");
const { createClient } = require("redis");

async function main() {
  const publisher = createClient({ url: process.env.REDIS_URL });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const emitter = new Emitter(publisher);
  await subscriber.subscribe("pixel-updates", (message) => {
    emitter.emit("pixel_updated", JSON.parse(message));
  });
  console.log("ready");
}

main();

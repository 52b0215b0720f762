import assert from "node:assert/strict";
import { test } from "node:test";

import { DEADLINE_MS } from "../../../canvas/static/canvas/lib/late.js";
import { WorkerClient } from "../../../history/static/history/worker/worker_client.js";
import { FakeTime } from "../support.js";

class FakeWorker extends EventTarget {
  /** @type {{id: number}[]} */
  asked = [];
  ended = false;

  /** @param {{id: number}} message */
  postMessage(message) {
    this.asked.push(message);
  }

  terminate() {
    this.ended = true;
  }

  /** @param {object} data */
  say(data) {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

/** A client, and the workers that they start. */
function scene() {
  const time = new FakeTime();
  /** @type {FakeWorker[]} */
  const workers = [];
  const start = () => {
    workers.push(new FakeWorker());
    return /** @type {Worker} */ (/** @type {unknown} */ (workers[workers.length - 1]));
  };
  return { time, workers, questions: new WorkerClient(start, time.timers) };
}

test("a worker whose modules never come is given up, and the next one starts", async () => {
  const { time, workers, questions } = scene();
  const lost = assert.rejects(questions.ask({ type: "refresh" }), /lost/);
  await time.pass(DEADLINE_MS);
  await lost;
  assert.equal(workers[0].ended, true);
  const second = questions.ask({ type: "refresh" });
  workers[1].say({ id: 0 });
  workers[1].say({ id: workers[1].asked[0].id, value: null });
  assert.equal(await second, null);
});

test("a worker that has said a word may take its time", async () => {
  const { time, workers, questions } = scene();
  const answer = questions.ask({ type: "refresh" });
  workers[0].say({ id: 0 });
  await time.pass(10 * DEADLINE_MS);
  assert.equal(workers[0].ended, false);
  workers[0].say({ id: 1, value: null });
  assert.equal(await answer, null);
});

test("a worker that breaks before its first word is tried again", async () => {
  const { workers, questions } = scene();
  const lost = assert.rejects(questions.ask({ type: "refresh" }), /lost/);
  workers[0].dispatchEvent(new Event("error"));
  await lost;
  const broken = assert.rejects(questions.ask({ type: "refresh" }), /broken/);
  workers[1].say({ id: 0 });
  workers[1].dispatchEvent(new Event("error"));
  await broken;
  await assert.rejects(questions.ask({ type: "refresh" }), /broken/);
  assert.equal(workers.length, 2);
});

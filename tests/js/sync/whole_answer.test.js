import assert from "node:assert/strict";
import { test } from "node:test";

import { QUIET_MS, wholeAnswer } from "../../../canvas/static/canvas/sync/whole_answer.js";
import { FakeTime } from "../support.js";

/** An answer whose body the test sends. */
class Slow {
  #pipe = new TransformStream(undefined, undefined, { highWaterMark: 16 });
  #writer = this.#pipe.writable.getWriter();

  /**
   * Begin as `fetch` does: the signal ends it.
   * @param {AbortSignal} signal
   */
  begin = async (signal) => {
    signal.addEventListener("abort", () => this.#writer.abort(signal.reason));
    return new Response(this.#pipe.readable, { status: 206, headers: { "X-Part": "1" } });
  };

  /** @param {string} text */
  async send(text) {
    await this.#writer.write(new TextEncoder().encode(text));
    await turns();
  }

  async end() {
    await this.#writer.close();
  }
}

/** Let what was sent be read. */
async function turns() {
  for (let turn = 0; turn < 20; turn++) await null;
}

test("an answer that comes slowly is waited for, however long it takes in all", async () => {
  const [slow, time] = [new Slow(), new FakeTime()];
  const answer = wholeAnswer(slow.begin, time.timers);
  await turns();
  for (const part of "abcde") {
    await time.pass(QUIET_MS - 1);
    await slow.send(part);
  }
  await slow.end();
  const { status, headers } = await answer;
  assert.equal(await (await answer).text(), "abcde");
  assert.deepEqual([status, headers.get("X-Part")], [206, "1"]);
});

test("one of which nothing more comes is given up", async () => {
  const [slow, time] = [new Slow(), new FakeTime()];
  const answer = assert.rejects(wholeAnswer(slow.begin, time.timers), { name: "AbortError" });
  await turns();
  await slow.send("a");
  await time.pass(QUIET_MS);
  await answer;
});

test("so is one that never begins", async () => {
  const time = new FakeTime();
  /** @param {AbortSignal} signal */
  const begin = (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const answer = assert.rejects(wholeAnswer(begin, time.timers), { name: "AbortError" });
  await time.pass(QUIET_MS);
  await answer;
});

test("an answer without a body is one", async () => {
  const answer = await wholeAnswer(
    async () => new Response(null, { status: 204 }),
    new FakeTime().timers,
  );
  assert.deepEqual([answer.status, await answer.text()], [204, ""]);
});

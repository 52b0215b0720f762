import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { ownPlacements } from "../../../history/static/history/archive/own_placements.js";

const { fetch } = globalThis;

afterEach(() => {
  globalThis.fetch = fetch;
});

/**
 * Have these answers come, one after the other.
 * @param {...Response} answers
 * @returns {string[]} what is asked for
 */
function answering(...answers) {
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    return answers.shift() ?? Response.error();
  };
  return asked;
}

/**
 * @param {number[]} seqs
 * @param {number} until
 * @param {boolean} more
 */
function page(seqs, until, more) {
  const columns = { seqs, xs: seqs, ys: seqs, colors: seqs };
  return Response.json({ ...columns, until, more });
}

test("pages follow one another, those too that are empty", async () => {
  const asked = answering(page([1, 2], 9, true), page([], 50, true), page([60], 60, false));
  assert.deepEqual((await ownPlacements("main")).seqs, [1, 2, 60]);
  assert.deepEqual(
    asked.map((url) => new URLSearchParams(url.split("?")[1]).get("since")),
    ["0", "9", "50"],
  );
});

for (const [status, code] of /** @type {const} */ ([
  [429, "busy"],
  [503, "busy"],
  [404, "lost"],
  [500, "lost"],
])) {
  test(`an answer ${status} is told as ${code}`, async () => {
    answering(new Response("", { status }));
    await assert.rejects(ownPlacements("main"), { code });
  });
}

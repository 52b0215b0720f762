import assert from "node:assert/strict";
import { test } from "node:test";

import { Tool } from "../../../canvas/static/canvas/state/tool.js";

/** @param {number | null} color */
function toolHolding(color) {
  const tool = new Tool();
  tool.offer([0, 1, 2]);
  tool.set({ color });
  /** @type {string[]} */
  const changes = [];
  tool.on("change", (name) => changes.push(name));
  return { tool, changes };
}

test("a tool lets go of a colour that is not on offer any more", () => {
  const { tool, changes } = toolHolding(1);
  assert.equal(tool.offer([0, 2]), true);
  assert.equal(tool.color, null);
  assert.deepEqual(changes, ["color"]);
});

test("a tool keeps what is still on offer, and an empty one stays empty", () => {
  for (const color of [2, null]) {
    const { tool, changes } = toolHolding(color);
    assert.equal(tool.offer([0, 2]), false);
    assert.equal(tool.color, color);
    assert.deepEqual(changes, []);
  }
});

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

test("a tool that rests takes up nothing that draws, and afterwards what it held", () => {
  const { tool } = toolHolding(2);
  tool.set({ stroke: true, quick: true, cursor: { x: 1, y: 1 } });
  tool.rest();
  tool.set({ color: 1, stroke: true, pen: true, cursor: { x: 3, y: 4 }, grid: false });
  assert.deepEqual(
    [tool.color, tool.stroke, tool.pen, tool.grid, tool.cursor],
    [null, false, false, false, { x: 3, y: 4 }],
  );
  tool.resume();
  assert.deepEqual([tool.color, tool.stroke, tool.quick, tool.cursor], [2, true, true, null]);
});

test("a colour that is retired while the tool rests is not taken up again", () => {
  const { tool } = toolHolding(2);
  tool.rest();
  tool.offer([0, 1]);
  tool.resume();
  assert.equal(tool.color, null);
});

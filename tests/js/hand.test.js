import assert from "node:assert/strict";
import { test } from "node:test";

import { Hand } from "../../canvas/static/canvas/hand.js";

function handWith(color) {
  const hand = new Hand();
  hand.offer([0, 1, 2]);
  hand.set({ color });
  const changes = [];
  hand.on("change", (name) => changes.push(name));
  return { hand, changes };
}

test("a hand lets go of a colour that is not on offer any more", () => {
  const { hand, changes } = handWith(1);
  assert.equal(hand.offer([0, 2]), true);
  assert.equal(hand.color, null);
  assert.deepEqual(changes, ["color"]);
});

test("a hand keeps what is still on offer, and an empty one stays empty", () => {
  for (const color of [2, null]) {
    const { hand, changes } = handWith(color);
    assert.equal(hand.offer([0, 2]), false);
    assert.equal(hand.color, color);
    assert.deepEqual(changes, []);
  }
});

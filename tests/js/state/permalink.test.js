import assert from "node:assert/strict";
import { test } from "node:test";

import { formatPlace, parsePlace } from "../../../canvas/static/canvas/state/permalink.js";

test("a place survives its address", () => {
  const place = { x: 512, y: 7, scale: 12.5 };
  assert.deepEqual(parsePlace(`#${formatPlace(place)}`), place);
});

test("the zoom may be missing", () => {
  assert.deepEqual(parsePlace("#3,4"), { x: 3, y: 4 });
  assert.deepEqual(parsePlace("#3,4,0"), { x: 3, y: 4 });
});

for (const text of [
  "",
  "#",
  "#3",
  "#-1,2,3",
  "#1,2,3,4",
  "#x,y,z",
  "#1e9,2",
  "#1.5,2,3",
  "#<b>,1",
]) {
  test(`"${text}" is no place`, () => assert.equal(parsePlace(text), null));
}

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  formatPlace,
  parsePlace,
  parseTyped,
} from "../../../canvas/static/canvas/state/permalink.js";

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

for (const text of [
  "12, 34",
  " 12,34 ",
  "12 34",
  "12;34",
  "12 x 34",
  "x=12 y=34",
  "(12, 34)",
  "#12,34",
  "١٢، ٣٤",
  "１２，３４",
  "https://pixels.example/c/main/#12,34",
  "https://pixels.example/?x=12&y=34",
]) {
  test(`"${text}" is typed for a place`, () => {
    assert.deepEqual(parseTyped(text), { x: 12, y: 34 });
  });
}

test("a zoom that is typed or pasted is kept", () => {
  const place = { x: 12, y: 34, scale: 20.5 };
  assert.deepEqual(parseTyped("12, 34, 20.5"), place);
  assert.deepEqual(parseTyped("https://p.example:8000/?x=1&y=2&zoom=3#12,34,20.5"), place);
});

for (const text of ["", "12", "x, y", "-1, 2", "1.5, 2", "1,2,3,4", "https://12.34/"]) {
  test(`"${text}" is typed for nothing`, () => assert.equal(parseTyped(text), null));
}

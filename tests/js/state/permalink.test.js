import assert from "node:assert/strict";
import { test } from "node:test";

import {
  formatPlace,
  formatQuery,
  parsePlace,
  parseQuery,
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

test("a moment survives its address, in the fragment and in the query", () => {
  const place = { x: 512, y: 7, scale: 12.5, at: "2026-11-25T20:12:05Z" };
  assert.equal(formatPlace(place), "512,7,12.5@2026-11-25T20:12:05Z");
  assert.deepEqual(parsePlace(`#${formatPlace(place)}`), place);
  assert.deepEqual(parsePlace("#512,7,12.5@2026-11-25T20%3A12%3A05Z"), place, "escaped on its way");
  assert.deepEqual(parseQuery(`?${formatQuery(place)}`), place);
  const elsewhere = { ...place, at: "2026-11-25T21:12:05+01:00" };
  assert.deepEqual(parseQuery(`?${formatQuery(elsewhere)}`), elsewhere);
  assert.deepEqual(parsePlace("#1,2@yesterday"), { x: 1, y: 2, at: "yesterday" });
  assert.deepEqual(parsePlace("#1,2@%E0"), { x: 1, y: 2, at: "%E0" });
  assert.equal(parsePlace(`#1,2@${"9".repeat(61)}`), null);
});

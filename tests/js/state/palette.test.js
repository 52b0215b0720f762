import assert from "node:assert/strict";
import { test } from "node:test";

import { colors } from "../../../canvas/static/canvas/i18n/en.js";
import { pixelTable } from "../../../canvas/static/canvas/lib/pixels.js";
import {
  colorNames,
  onOffer,
  signOf,
  wantsDarkInk,
} from "../../../canvas/static/canvas/state/palette.js";

test("a table entry is an opaque pixel in canvas order", () => {
  const table = pixelTable(["#000000", "#FF8A1F"]);
  const bytes = new Uint8Array(table.buffer, 4, 4);
  assert.deepEqual([...bytes], [255, 138, 31, 255]);
  assert.equal(table.length, 256);
});

test("colours have names, unknown ones the nearest", () => {
  assert.deepEqual(colorNames(["#FF0000", "#fe0101", "#3FA9F5"], colors), [
    "red",
    "red 2",
    "sky blue",
  ]);
});

test("no two colours of a palette share a name", () => {
  const palette = Array.from(
    { length: 64 },
    (_, i) => `#${(i * 260_000).toString(16).padStart(6, "0")}`,
  );
  assert.equal(new Set(colorNames(palette, colors)).size, 64);
});

test("what is retired is not on offer, and moves no index", () => {
  assert.deepEqual(onOffer(["#FFFFFF", "#FF0000", "#000000"], ["#FF0000"]), [0, 2]);
});

test("ink is dark on light colours and light on dark ones", () => {
  assert.deepEqual(["#FFFFFF", "#FFD93B", "#14171C", "#12306B"].map(wantsDarkInk), [
    true,
    true,
    false,
    false,
  ]);
});

test("every colour but the background has a sign of its own", () => {
  const signs = Array.from({ length: 256 }, (_, index) => signOf(index));
  assert.equal(signs[0], "");
  assert.equal(new Set(signs).size, 256);
});

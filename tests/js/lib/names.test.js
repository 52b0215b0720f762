import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { cleanName } from "../../../canvas/static/canvas/lib/names.js";

const file = new URL("../../support/names.json", import.meta.url);
/** @type {[string, string | null][]} */
const cases = JSON.parse(readFileSync(file, "utf8")).names;

test("names are taken as the server takes them", () => {
  for (const [typed, expected] of cases) {
    assert.equal(cleanName(typed), expected, JSON.stringify(typed));
  }
});

test("nothing that cannot be seen makes another name", () => {
  for (const unseen of "\u3164\u2800\u115F\uFE0F\u034F") {
    assert.equal(cleanName(`ali${unseen}ce`), "alice");
  }
});

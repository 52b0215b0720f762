import assert from "node:assert/strict";
import { test } from "node:test";
import { phrase } from "../../../canvas/static/canvas/lib/words.js";

const ENGLISH = new Intl.PluralRules("en");

test("values stand in place of the names in braces", () => {
  assert.equal(phrase("{a} and {b}, {a}", { a: 1, b: "two" }, ENGLISH), "1 and two, 1");
  assert.equal(phrase("{missing}!", {}, ENGLISH), "!");
});

test("the plural form goes by the count, and is `other` where a form is missing", () => {
  const words = { one: "{count} pixel", other: "{count} pixels" };
  assert.equal(phrase(words, { count: 1 }, ENGLISH), "1 pixel");
  assert.equal(phrase(words, { count: 2 }, ENGLISH), "2 pixels");
  assert.equal(phrase({ other: "pixels" }, { count: 1 }, ENGLISH), "pixels");
});

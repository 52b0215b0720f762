import assert from "node:assert/strict";
import { test } from "node:test";

import { LANGUAGES as PAGE } from "../../../canvas/static/canvas/i18n/languages.js";
import * as english from "../../../history/static/history/i18n/en.js";
import { LANGUAGES } from "../../../history/static/history/i18n/languages.js";

/** @param {string} text */
function places(text) {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
}

test("the past is told in every language of the page", () => {
  assert.deepEqual([...Object.keys(LANGUAGES), "en"].sort(), Object.keys(PAGE).sort());
});

for (const [language, load] of Object.entries(LANGUAGES)) {
  test(`${language} has every key, every plural form, and the same places for values`, async () => {
    const { words } = await /** @type {NonNullable<typeof load>} */ (load)();
    assert.deepEqual(Object.keys(words), Object.keys(english.words));
    const rules = new Intl.PluralRules(language);
    const forms = new Set([...Array(200).keys()].map((count) => rules.select(count)));
    for (const [key, text] of Object.entries(english.words)) {
      const other = words[/** @type {keyof typeof words} */ (key)];
      assert.equal(typeof other, typeof text, key);
      if (typeof text === "string") assert.deepEqual(places(String(other)), places(text), key);
      else if (typeof other !== "string") {
        for (const form of forms) assert.ok(other[form] ?? Object.keys(other).length === 1, key);
      }
    }
  });
}

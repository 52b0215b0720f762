import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, test } from "node:test";

import {
  chooseLanguage,
  LANGUAGES,
  namedColors,
  speak,
  t,
} from "../../../canvas/static/canvas/i18n/strings.js";

/** @import { Plural } from "../../../canvas/static/canvas/i18n/strings.js" */

const HTML = ["page", "canvases"]
  .map((name) => new URL(`../../../templates/canvas/${name}.html`, import.meta.url))
  .map((url) => readFileSync(url, "utf8"))
  .join("");

afterEach(() => speak("en"));

/**
 * Return the plural forms of words, or the words where they have but one form.
 * @param {string | Plural} words
 * @returns {string[]}
 */
function formsOf(words) {
  return typeof words === "string" ? [words] : Object.values(words);
}

/**
 * Return the words in braces that a text has places for.
 * @param {string} text
 */
function places(text) {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
}

for (const [language, { name, words, colors }] of Object.entries(LANGUAGES)) {
  test(`${language} has every key, and the same places for values`, () => {
    /** @type {Record<string, string | Plural>} */
    const english = LANGUAGES.en.words;
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(words)) {
      const [first] = formsOf(english[key]);
      for (const form of formsOf(text)) {
        assert.notEqual(form, "", key);
        assert.deepEqual(places(form), places(first), key);
      }
    }
  });

  test(`${language} names every colour, each differently`, () => {
    assert.deepEqual(Object.keys(colors).sort(), Object.keys(LANGUAGES.en.colors).sort());
    assert.equal(new Set(Object.values(colors)).size, Object.keys(colors).length);
  });

  test(`${language} has a name of its own`, () => {
    const names = Object.values(LANGUAGES).map((each) => each.name);
    assert.equal(names.filter((each) => each === name).length, 1);
  });
}

test("every language's file is listed, and English comes first", () => {
  const folder = new URL("../../../canvas/static/canvas/i18n/", import.meta.url);
  const files = readdirSync(folder).map((file) => file.replace(/\.js$/, ""));
  const languages = files.filter((file) => !["languages", "strings"].includes(file));
  assert.deepEqual(Object.keys(LANGUAGES).sort(), languages.sort());
  assert.equal(Object.keys(LANGUAGES)[0], "en");
});

test("every key in the page's HTML has words", () => {
  const keys = [...HTML.matchAll(/data-t(?:-\w+)?="(\w+)"/g)].map(([, key]) => key);
  assert.ok(keys.length > 50);
  for (const key of keys) assert.ok(key in LANGUAGES.en.words, key);
});

test("the language is the first that is known, else English", () => {
  assert.equal(chooseLanguage(["xx-XX", "de-AT", "en"]), "de");
  assert.equal(chooseLanguage(["EN-us", "de"]), "en");
  assert.equal(chooseLanguage(["xx", "__proto__"]), "en");
  assert.equal(chooseLanguage([]), "en");
});

test("what is spoken changes words and colours", () => {
  assert.equal(t("cooldown", { seconds: 3 }), "Wait 3 s before your next pixel.");
  speak("de");
  assert.equal(t("cooldown", { seconds: 3 }), "Warte 3 s bis zu deinem nächsten Pixel.");
  assert.equal(namedColors()["#FF0000"], "rot");
});

test("words that go with a number have the form that it asks for", () => {
  assert.equal(t("staged", { count: 1 }), "1 pixel chosen");
  assert.equal(t("staged", { count: 2 }), "2 pixels chosen");
});

test("a value is put in as it is", () => {
  assert.equal(
    t("nickname_kept", { name: "{name} $& <b>" }),
    "Your next pixel is signed {name} $& <b>.",
  );
});

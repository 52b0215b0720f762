import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";

import { chooseLanguage, LANGUAGES, namedColors, speak, t } from "../../../canvas/static/canvas/i18n/strings.js";

const HTML = readFileSync(new URL("../../../templates/canvas/page.html", import.meta.url), "utf8");

afterEach(() => speak("en"));

/** The words in braces that a text has places for. */
function places(text) {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
}

for (const [language, { words, colors }] of Object.entries(LANGUAGES)) {
  test(`${language} has every key, and the same places for values`, () => {
    const { words: english } = LANGUAGES.en;
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(words)) {
      assert.notEqual(text, "", key);
      assert.deepEqual(places(text), places(english[key]), key);
    }
  });

  test(`${language} names every colour, each differently`, () => {
    assert.deepEqual(Object.keys(colors).sort(), Object.keys(LANGUAGES.en.colors).sort());
    assert.equal(new Set(Object.values(colors)).size, Object.keys(colors).length);
  });

  test(`${language} can be chosen on the page`, () => {
    assert.match(HTML, new RegExp(`<option value="${language}"`));
  });
}

test("every key in the page's HTML has words", () => {
  const keys = [...HTML.matchAll(/data-t(?:-\w+)?="(\w+)"/g)].map(([, key]) => key);
  assert.ok(keys.length > 50);
  for (const key of keys) assert.ok(key in LANGUAGES.en.words, key);
});

test("the language is the first that is known, else English", () => {
  assert.equal(chooseLanguage(["fr-FR", "de-AT", "en"]), "de");
  assert.equal(chooseLanguage(["EN-us", "de"]), "en");
  assert.equal(chooseLanguage(["fr", "__proto__"]), "en");
  assert.equal(chooseLanguage([]), "en");
});

test("what is spoken changes words and colours", () => {
  assert.equal(t("cooldown", { seconds: 3 }), "Wait 3 s before your next pixel.");
  speak("de");
  assert.equal(t("cooldown", { seconds: 3 }), "Warte 3 s bis zu deinem nächsten Pixel.");
  assert.equal(namedColors()["#FF0000"], "rot");
});

test("a value is put in as it is, whatever it holds", () => {
  assert.equal(t("nickname_kept", { name: "{name} $& <b>" }), "Your next pixel is signed {name} $& <b>.");
});

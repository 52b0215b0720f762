import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, test } from "node:test";

import * as english from "../../../canvas/static/canvas/i18n/en.js";
import { LANGUAGES } from "../../../canvas/static/canvas/i18n/languages.js";
import {
  chooseLanguage,
  namedColors,
  speak,
  spokenNow,
  t,
} from "../../../canvas/static/canvas/i18n/strings.js";
import { FakeTime } from "../support.js";

/** @import { Plural } from "../../../canvas/static/canvas/lib/words.js" */

const { timers } = new FakeTime();
const HTML = ["page", "canvases"]
  .map((name) => new URL(`../../../templates/canvas/${name}.html`, import.meta.url))
  .map((url) => readFileSync(url, "utf8"))
  .join("");

afterEach(async () => {
  await speak("en", timers);
});

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

/**
 * Tell whether a plural form stands for one number only, which its words may then leave out.
 * @param {string} language
 * @param {string} form
 */
function standsForOneNumber(language, form) {
  const rules = new Intl.PluralRules(language);
  return [...Array(1000).keys()].filter((count) => rules.select(count) === form).length === 1;
}

for (const [language, { name, load }] of Object.entries(LANGUAGES)) {
  test(`${language} has every key, and the same places for values`, async () => {
    const { words } = await load(timers);
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english.words).sort());
    for (const [key, text] of Object.entries(words)) {
      const [first] = formsOf(/** @type {Record<string, string | Plural>} */ (english.words)[key]);
      for (const [form, each] of Object.entries(typeof text === "string" ? [text] : text)) {
        assert.notEqual(each, "", key);
        const wanted = places(first);
        const named = standsForOneNumber(language, form) && !places(each).includes("count");
        assert.deepEqual(places(each), named ? wanted.filter((at) => at !== "count") : wanted, key);
      }
    }
  });

  test(`${language} has words for every plural form that whole numbers take`, async () => {
    const { words } = await load(timers);
    const rules = new Intl.PluralRules(language);
    const forms = new Set([...Array(200).keys()].map((count) => rules.select(count)));
    for (const [key, text] of Object.entries(words)) {
      if (typeof text === "string" || Object.keys(text).length === 1) continue;
      for (const form of forms) assert.ok(form in text || form === "many", `${key}: ${form}`);
    }
  });

  test(`${language} names every colour, each differently`, async () => {
    const { colors } = await load(timers);
    assert.deepEqual(Object.keys(colors).sort(), Object.keys(english.colors).sort());
    assert.equal(new Set(Object.values(colors)).size, Object.keys(colors).length);
  });

  test(`${language} has a name of its own`, () => {
    const names = Object.values(LANGUAGES).map((each) => each.name);
    assert.equal(names.filter((each) => each === name).length, 1);
  });

  test(`${language} keeps the keys that are shown as keys`, async () => {
    const { words } = await load(timers);
    const keys = (/** @type {unknown} */ text) => String(text).match(/\[/g)?.length ?? 0;
    for (const [key, text] of Object.entries(english.words)) {
      assert.equal(keys(words[/** @type {keyof typeof words} */ (key)]), keys(text), key);
    }
  });
}

test("Arabic is written from right to left, and keeps column before row", async () => {
  await speak("ar", timers);
  assert.deepEqual(spokenNow(), { code: "ar", dir: "rtl" });
  assert.equal(t("cell_at", { x: 1, y: 2 }), "\u20661, 2\u2069");
  assert.equal(t("staged", { count: 2 }), "اختير بكسلان");
});

test("of two languages asked for at once the later one is spoken", async () => {
  const both = [speak("fr", timers), speak("en", timers)];
  assert.deepEqual(await Promise.all(both), [false, true]);
  assert.equal(spokenNow().code, "en");
});

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
  for (const key of keys) assert.ok(key in english.words, key);
});

test("the language is the first that is known, else English", () => {
  assert.equal(chooseLanguage(["xx-XX", "de-AT", "en"]), "de");
  assert.equal(chooseLanguage(["EN-us", "de"]), "en");
  assert.equal(chooseLanguage(["xx", "__proto__"]), "en");
  assert.equal(chooseLanguage([]), "en");
});

test("what is spoken changes words and colours", async () => {
  assert.equal(t("cooldown", { seconds: 3 }), "Wait 3 s before your next pixel.");
  await speak("de", timers);
  assert.equal(t("cooldown", { seconds: 3 }), "Warte 3 s bis zu deinem nächsten Pixel.");
  assert.equal(namedColors()["#FF0000"], "rot");
});

test("words that go with a number have the form that it asks for", async () => {
  assert.equal(t("staged", { count: 1 }), "1 pixel chosen");
  assert.equal(t("staged", { count: 2 }), "2 pixels chosen");
  await speak("uk", timers);
  const forms = [1, 3, 11, 22].map((count) => t("staged", { count }));
  assert.deepEqual(
    forms.map((form) => form.split(" ")[1]),
    ["піксель", "пікселі", "пікселів", "пікселі"],
  );
});

test("a value is put in as it is", () => {
  assert.equal(
    t("nickname_kept", { name: "{name} $& <b>" }),
    "Your next pixel is signed {name} $& <b>.",
  );
});

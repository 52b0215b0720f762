import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { words as english } from "../../../blueprints/static/blueprints/i18n/en.js";
import { LANGUAGES, speak, w } from "../../../blueprints/static/blueprints/i18n/words.js";
import { sampled, timeLeft } from "../../../blueprints/static/blueprints/model/pace.js";
import * as page from "../../../canvas/static/canvas/i18n/languages.js";
import { FakeTime } from "../support.js";

/** @import { Sample } from "../../../blueprints/static/blueprints/model/pace.js" */

const { timers } = new FakeTime();

afterEach(async () => {
  await speak("en", timers);
});

/** @param {unknown} text */
function formsOf(text) {
  return typeof text === "string" ? { other: text } : /** @type {Record<string, string>} */ (text);
}

/** @param {string} text */
function places(text) {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
}

test("the blueprints speak every language of the page", () => {
  assert.deepEqual(["en", ...Object.keys(LANGUAGES)].sort(), Object.keys(page.LANGUAGES).sort());
});

for (const [code, load] of Object.entries(LANGUAGES)) {
  test(`${code} has every key, place and plural form`, async () => {
    const { words } = await load();
    assert.deepEqual(Object.keys(words), Object.keys(english));
    const rules = new Intl.PluralRules(code);
    const needed = new Set([...Array(200).keys()].map((count) => rules.select(count)));
    for (const [key, text] of Object.entries(words)) {
      const wanted = formsOf(english[/** @type {keyof typeof english} */ (key)]);
      for (const form of Object.values(formsOf(text))) {
        assert.deepEqual(places(form), places(Object.values(wanted)[0]), key);
      }
      if (typeof text === "string" || Object.keys(text).length === 1) continue;
      for (const form of needed) assert.ok(form in text || form === "many", `${key}: ${form}`);
    }
  });
}

test("numbers are written as the language writes them", async () => {
  assert.equal(w("progress", { percent: "12.5", left: 1234 }), "12.5 % · 1,234 left");
  await speak("de", timers);
  assert.equal(w("progress", { percent: "12,5", left: 1234 }), "12,5 % · noch 1.234");
  assert.equal(w("way_down", { count: 3 }), "3 nach unten");
  assert.match(w("outside", { count: 15_777_216 }), /^15\.777\.216 /);
});

test("one colour is one colour", async () => {
  const size = { width: 4, height: 2 };
  assert.equal(w("form_size", { ...size, count: 1 }), "4 × 2 cells in 1 colour.");
  assert.equal(w("form_size", { ...size, count: 2 }), "4 × 2 cells in 2 colours.");
  await speak("pt", timers);
  assert.equal(w("form_size", { ...size, count: 1 }), "4 × 2 células em 1 cor.");
});

test("the estimate goes by the last hour", () => {
  /** @type {Sample[]} */
  let samples = [];
  for (let minute = 0; minute <= 180; minute++) {
    samples = sampled(samples, { at: minute * 60_000, right: minute * 10 });
  }
  assert.equal(samples.length, 61);
  const now = { at: 180 * 60_000, right: 1_800 };
  assert.equal(timeLeft(samples, now, 600), 3_600_000);
  assert.equal(timeLeft(samples.slice(-2), now, 600), null);
  assert.equal(timeLeft(samples, { ...now, right: 1_000 }, 600), Number.POSITIVE_INFINITY);
});

/** The page's words, by key, in the language that is spoken. */

import * as en from "./en.js";
import * as de from "./de.js";

/** To add a language: a module with the same tables, a line here, an option in page.html. */
export const LANGUAGES = { en, de };

let spoken = LANGUAGES.en;

/**
 * @param {readonly string[]} wanted as in `navigator.languages`, the dearest first
 * @returns {keyof typeof LANGUAGES}
 */
export function chooseLanguage(wanted) {
  const known = wanted.map((language) => language.toLowerCase().split("-")[0]);
  return known.find((language) => Object.hasOwn(LANGUAGES, language)) ?? "en";
}

/** @param {keyof typeof LANGUAGES} language */
export function speak(language) {
  spoken = LANGUAGES[language];
}

/**
 * @param {keyof typeof en.words} key
 * @param {Record<string, string | number>} [values] for the words in braces
 * @returns {string}
 */
export function t(key, values = {}) {
  const text = spoken.words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** @returns {boolean} whether a code has words of its own */
export function hasWords(key) {
  return Object.hasOwn(en.words, key);
}

/** @returns {Record<string, string>} names of colours as #RRGGBB */
export function namedColors() {
  return spoken.colors;
}

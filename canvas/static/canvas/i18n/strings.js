/** The words of the page, by key, in the language that is spoken. */

import * as languages from "./languages.js";

/**
 * @typedef {keyof typeof languages} Language code, as in `lang` attributes
 * @typedef {keyof typeof languages.en.words} Key of words
 *
 * Words that go with a number differ by the plural form of its language, as `Intl.PluralRules`
 * names it; every language has the form `other`.
 * @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}} Plural
 */

/** The language of people that speak none of the others. */
const DEFAULT = "en";
const { [DEFAULT]: english, ...others } = languages;

/** The languages by code, the default first. */
export const LANGUAGES = { [DEFAULT]: english, ...others };

/** @type {Language} */
let spoken = DEFAULT;

/**
 * Choose the first language that the page speaks.
 * @param {readonly string[]} wanted as in `navigator.languages`, the dearest first
 * @returns {Language}
 */
export function chooseLanguage(wanted) {
  const codes = wanted.map((language) => language.toLowerCase().split("-")[0]);
  return codes.find(isSpoken) ?? DEFAULT;
}

/**
 * Speak a language from now on.
 * @param {Language} language
 */
export function speak(language) {
  spoken = language;
}

/**
 * Return the words of a key, with values in place of the names in braces. The plural form goes by
 * the value `count`.
 * @param {Key} key
 * @param {Readonly<Record<string, string | number>>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return formOf(LANGUAGES[spoken].words[key] ?? key, values.count).replace(
    /\{(\w+)\}/g,
    (_, name) => String(values[name] ?? ""),
  );
}

/**
 * @param {string | Plural} words
 * @param {string | number | undefined} count
 * @returns {string}
 */
function formOf(words, count) {
  if (typeof words === "string") return words;
  return words[new Intl.PluralRules(spoken).select(Number(count))] ?? words.other;
}

/**
 * Tell whether a code has words of its own.
 * @param {string} code
 * @returns {code is Key}
 */
export function hasWords(code) {
  return Object.hasOwn(english.words, code);
}

/**
 * Return the names of colours, by `#RRGGBB`.
 * @returns {Record<string, string>}
 */
export function namedColors() {
  return LANGUAGES[spoken].colors;
}

/**
 * Tell whether the page speaks a language.
 * @param {string} code
 * @returns {code is Language}
 */
export function isSpoken(code) {
  return Object.hasOwn(LANGUAGES, code);
}

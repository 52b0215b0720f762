/** The words of the page, by key, in the language that is spoken. */

import * as english from "./en.js";
import { LANGUAGES } from "./languages.js";

/**
 * @typedef {keyof typeof LANGUAGES} Language code, as in `lang` attributes
 * @typedef {keyof typeof english.words} Key of words
 *
 * Words that go with a number differ by the plural form of its language, as `Intl.PluralRules`
 * names it; every language has the form `other`.
 * @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}} Plural
 *
 * @typedef {object} Dictionary
 * @property {Record<Key, string | Plural>} words
 * @property {Record<keyof typeof english.colors, string>} colors names by `#RRGGBB`
 */

/** The language of people that speak none of the others. */
const DEFAULT = "en";

/** @type {Language} */
let spoken = DEFAULT;
/** @type {Language} */
let wanted = DEFAULT;
/** @type {Dictionary} */
let dictionary = english;
let plurals = new Intl.PluralRules(DEFAULT);

/**
 * Choose the first language that the page speaks.
 * @param {readonly string[]} preferred as in `navigator.languages`, the dearest first
 * @returns {Language}
 */
export function chooseLanguage(preferred) {
  const codes = preferred.map((language) => language.toLowerCase().split("-")[0]);
  return codes.find(isSpoken) ?? DEFAULT;
}

/**
 * Speak a language from now on, once its words are there; reject when they cannot be fetched.
 * @param {Language} language
 * @returns {Promise<boolean>} false when another one was asked for since
 */
export async function speak(language) {
  wanted = language;
  const loaded = await LANGUAGES[language].load();
  if (wanted !== language) return false;
  spoken = language;
  dictionary = loaded;
  plurals = new Intl.PluralRules(language);
  return true;
}

/**
 * Return the language that is spoken now, and the direction of its script.
 * @returns {{code: Language, dir: string}}
 */
export function spokenNow() {
  return { code: spoken, dir: LANGUAGES[spoken].dir };
}

/**
 * Return the words of a key, with values in place of the names in braces. The plural form goes by
 * the value `count`.
 * @param {Key} key
 * @param {Readonly<Record<string, string | number>>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const text = formOf(dictionary.words[key] ?? key, values.count);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * @param {string | Plural} words
 * @param {string | number | undefined} count
 * @returns {string}
 */
function formOf(words, count) {
  if (typeof words === "string") return words;
  return words[plurals.select(Number(count))] ?? words.other;
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
  return dictionary.colors;
}

/**
 * Tell whether the page speaks a language.
 * @param {string} code
 * @returns {code is Language}
 */
export function isSpoken(code) {
  return Object.hasOwn(LANGUAGES, code);
}

/** The words of the page, by key, in the language that is spoken. */

import { phrase } from "../lib/words.js";
import * as english from "./en.js";
import { LANGUAGES } from "./languages.js";

/**
 * @import { Timers } from "../lib/named_timers.js"
 * @import { Plural, Values } from "../lib/words.js"
 *
 * @typedef {keyof typeof LANGUAGES} Language code, as in `lang` attributes
 * @typedef {keyof typeof english.words} Key of words
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
 * Speak a language from now on, once its words are there; reject when they do not come.
 * @param {Language} language
 * @param {Pick<Timers, "set" | "clear">} timers
 * @returns {Promise<boolean>} false when another one was asked for since
 */
export async function speak(language, timers) {
  wanted = language;
  const loaded = await LANGUAGES[language].load(timers).catch((error) => {
    if (wanted === language) throw error;
  });
  if (!loaded || wanted !== language) return false;
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
 * Return the words of a key, with values in place of the names in braces.
 * @param {Key} key
 * @param {Values} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return phrase(dictionary.words[key] ?? key, values, plurals);
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

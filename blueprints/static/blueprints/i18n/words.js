/** The words of the blueprints, by key, in the language that the page speaks. */

import { Language } from "../../canvas/lib/language.js";
import { phrase } from "../../canvas/lib/words.js";
import { words as english } from "./en.js";

/**
 * @import { Timers } from "../../canvas/lib/named_timers.js"
 * @import { Plural, Values } from "../../canvas/lib/words.js"
 *
 * @typedef {keyof typeof english} Key
 * @typedef {Record<Key, string | Plural>} Words
 * @typedef {{words: Words}} Dictionary
 */

/**
 * The loader of each language's words; those of a language that is missing are English.
 * @type {Record<string, () => Promise<Dictionary>>}
 */
export const LANGUAGES = {
  ar: () => import("./ar.js"),
  de: () => import("./de.js"),
  es: () => import("./es.js"),
  fr: () => import("./fr.js"),
  ja: () => import("./ja.js"),
  pt: () => import("./pt.js"),
  uk: () => import("./uk.js"),
};

/** @type {Dictionary} */
const ENGLISH = { words: english };
const language = new Language(ENGLISH, LANGUAGES);
let numbers = new Intl.NumberFormat("en");
let times = timesIn("en");

/**
 * Speak a language from now on; English where its words cannot be fetched.
 * @param {string} code
 * @param {Pick<Timers, "set" | "clear">} timers
 */
export async function speak(code, timers) {
  await language.speak(code, timers);
  numbers = new Intl.NumberFormat(language.code);
  times = timesIn(language.code);
}

/**
 * Return the words of a key, with values in place of the names in braces, numbers as the language
 * writes them.
 * @param {Key} key
 * @param {Values} [values]
 * @returns {string}
 */
export function w(key, values = {}) {
  return phrase(language.dictionary.words[key], values, language.plurals, written);
}

/**
 * Write a number as the language does.
 * @param {number} value
 */
export function written(value) {
  return numbers.format(value);
}

/**
 * Write a time as the language does.
 * @param {number} at ms since 1970
 */
export function when(at) {
  return times.format(at);
}

/** @param {string} code */
function timesIn(code) {
  return new Intl.DateTimeFormat(code, { dateStyle: "medium", timeStyle: "short" });
}

/** The words of the blueprints, by key, in the language that the page speaks. */

import { inTime } from "../../canvas/lib/late.js";
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

/** @type {Words} */
let words = english;
let wanted = "en";
let plurals = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en");
let times = timesIn("en");

/**
 * Speak a language from now on; English where its words cannot be fetched.
 * @param {string} code
 * @param {Pick<Timers, "set" | "clear">} timers
 */
export async function speak(code, timers) {
  wanted = code;
  const load = LANGUAGES[code];
  const spoken = load && (await inTime(load(), timers).catch(() => null));
  if (wanted !== code) return;
  words = spoken?.words ?? english;
  plurals = new Intl.PluralRules(spoken ? code : "en");
  numbers = new Intl.NumberFormat(spoken ? code : "en");
  times = timesIn(spoken ? code : "en");
}

/**
 * Return the words of a key, with values in place of the names in braces, numbers as the language
 * writes them.
 * @param {Key} key
 * @param {Values} [values]
 * @returns {string}
 */
export function w(key, values = {}) {
  return phrase(words[key], values, plurals, written);
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

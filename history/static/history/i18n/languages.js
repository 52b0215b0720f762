/** The languages of this feature besides English, which comes with it. */

/**
 * @import { Plural } from "../../canvas/lib/words.js"
 * @import * as english from "./en.js"
 *
 * @typedef {keyof typeof english.words} Key
 * @typedef {{words: Record<Key, string | Plural>}} Dictionary
 */

/** @type {Partial<Record<string, () => Promise<Dictionary>>>} */
export const LANGUAGES = {
  ar: () => import("./ar.js"),
  de: () => import("./de.js"),
  es: () => import("./es.js"),
  fr: () => import("./fr.js"),
  ja: () => import("./ja.js"),
  pt: () => import("./pt.js"),
  uk: () => import("./uk.js"),
};

/** The words of this feature, in the language that the page speaks. */

import { Language } from "../../canvas/lib/language.js";
import { phrase } from "../../canvas/lib/words.js";
import * as english from "./en.js";
import { LANGUAGES } from "./languages.js";

/**
 * @import { Timers } from "../../canvas/lib/named_timers.js"
 * @import { Values } from "../../canvas/lib/words.js"
 * @import { Key } from "./languages.js"
 */

export class Words {
  #language = new Language(english, LANGUAGES);
  #timers;

  /** @param {Pick<Timers, "set" | "clear">} timers */
  constructor(timers) {
    this.#timers = timers;
  }

  get code() {
    return this.#language.code;
  }

  /**
   * Speak a language from now on; English where its words do not come.
   * @param {string} code
   */
  speak(code) {
    return this.#language.speak(code, this.#timers);
  }

  /**
   * Return the words of a key, with values in place of the names in braces.
   * @param {Key} key
   * @param {Values} [values]
   */
  t(key, values = {}) {
    const { dictionary, plurals } = this.#language;
    return phrase(dictionary.words[key], values, plurals);
  }

  /** @param {number} value */
  number(value) {
    return value.toLocaleString(this.code);
  }

  /**
   * Return a moment in words, by the clock of this device.
   * @param {number} ms since 1970
   */
  moment(ms) {
    return new Date(ms).toLocaleString(this.code, { dateStyle: "medium", timeStyle: "medium" });
  }
}

/** The words of this feature, in the language that the page speaks. */

import { inTime } from "../../canvas/lib/late.js";
import { phrase } from "../../canvas/lib/words.js";
import * as english from "./en.js";
import { LANGUAGES } from "./languages.js";

/**
 * @import { Timers } from "../../canvas/lib/named_timers.js"
 * @import { Values } from "../../canvas/lib/words.js"
 * @import { Dictionary, Key } from "./languages.js"
 */

export class Words {
  code = "en";
  /** @type {Dictionary} */
  #dictionary = english;
  #timers;
  #wanted = "en";
  #plurals = new Intl.PluralRules("en");

  /** @param {Pick<Timers, "set" | "clear">} timers */
  constructor(timers) {
    this.#timers = timers;
  }

  /**
   * Speak a language from now on; English where its words do not come.
   * @param {string} code
   */
  async speak(code) {
    this.#wanted = code;
    const load = LANGUAGES[code];
    const loaded = load && (await inTime(load(), this.#timers).catch(() => null));
    if (this.#wanted !== code) return;
    this.#dictionary = loaded ?? english;
    this.code = loaded ? code : "en";
    this.#plurals = new Intl.PluralRules(this.code);
  }

  /**
   * Return the words of a key, with values in place of the names in braces.
   * @param {Key} key
   * @param {Values} [values]
   */
  t(key, values = {}) {
    return phrase(this.#dictionary.words[key], values, this.#plurals);
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

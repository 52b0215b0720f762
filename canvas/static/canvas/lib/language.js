/** The language of a feature: words are fetched when they are spoken, English is there at once. */

import { inTime } from "./late.js";

/** @import { Timers } from "./named_timers.js" */

/** @template Dictionary */
export class Language {
  code = "en";
  #english;
  #loads;
  #wanted = "en";

  /**
   * @param {Dictionary} english
   * @param {Partial<Record<string, () => Promise<Dictionary>>>} loads the loader of each other one
   */
  constructor(english, loads) {
    this.#english = english;
    this.#loads = loads;
    this.dictionary = english;
    this.plurals = new Intl.PluralRules("en");
  }

  /**
   * Speak a language from now on; English where its words do not come. Words that come after
   * another language was chosen are not spoken.
   * @param {string} code
   * @param {Pick<Timers, "set" | "clear">} timers
   */
  async speak(code, timers) {
    this.#wanted = code;
    const load = this.#loads[code];
    const loaded = load && (await inTime(load(), timers).catch(() => null));
    if (this.#wanted !== code) return;
    this.dictionary = loaded ?? this.#english;
    this.code = loaded ? code : "en";
    this.plurals = new Intl.PluralRules(this.code);
  }
}

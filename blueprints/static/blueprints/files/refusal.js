/** The refusal of a file: a key of the feature's words, and the values that belong into them. */

/**
 * @import { Key } from "../i18n/words.js"
 * @import { Values } from "../../canvas/lib/words.js"
 */

export class Refusal extends Error {
  /**
   * @param {Key} key
   * @param {Values} [values]
   */
  constructor(key, values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

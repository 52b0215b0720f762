/** The settings of this browser, kept for the next visit where storage is allowed. */

/** @import { Language } from "../i18n/strings.js" */

const KEY = "pixelsite";

/**
 * @typedef {object} Values
 * @property {string} nickname
 * @property {number | null} color palette index
 * @property {boolean} grid
 * @property {boolean} minimap
 * @property {boolean} symbols
 * @property {boolean} sound
 * @property {boolean} notify
 * @property {Language | null} language null: by the browser's
 */

/** @type {Values} */
const DEFAULTS = {
  nickname: "",
  color: null,
  grid: true,
  minimap: true,
  symbols: false,
  sound: false,
  notify: false,
  language: null,
};

export class Settings {
  #values = { ...DEFAULTS };

  constructor() {
    try {
      Object.assign(this.#values, JSON.parse(localStorage.getItem(KEY) ?? "{}"));
    } catch {
      // Unreadable or forbidden: the defaults do.
    }
  }

  /**
   * @template {keyof Values} Name
   * @param {Name} name
   * @returns {Values[Name]}
   */
  get(name) {
    return this.#values[name];
  }

  /**
   * @template {keyof Values} Name
   * @param {Name} name
   * @param {Values[Name]} value
   */
  set(name, value) {
    this.#values[name] = value;
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // Private windows may refuse; the setting then lasts as long as the page.
    }
  }
}

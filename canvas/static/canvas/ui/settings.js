/** The settings of this browser, kept for the next visit where storage is allowed. */

import { isSpoken } from "../i18n/strings.js";
import { Emitter } from "../lib/emitter.js";

/** @import { Language } from "../i18n/strings.js" */

const KEY = "pixelsite";
const LONGEST_NICKNAME = 32;
// The settings of a person, not of what one tab shows.
const SHARED = /** @type {const} */ (["nickname", "sound", "notify"]);

/**
 * @typedef {object} Values
 * @property {string} nickname
 * @property {number | null} color palette index
 * @property {boolean} quick
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
  quick: false,
  grid: true,
  minimap: true,
  symbols: false,
  sound: false,
  notify: false,
  language: null,
};

/**
 * The tests that a stored value must pass: another version of the page may have written it.
 * @type {{[Name in keyof Values]: (value: unknown) => boolean}}
 */
const PROOFS = {
  nickname: (value) => typeof value === "string" && value.length <= LONGEST_NICKNAME,
  color: (value) => value === null || (Number.isInteger(value) && Number(value) >= 0),
  quick: isSwitch,
  grid: isSwitch,
  minimap: isSwitch,
  symbols: isSwitch,
  sound: isSwitch,
  notify: isSwitch,
  language: (value) => typeof value === "string" && isSpoken(value),
};

/** @extends {Emitter<{change: [name: keyof Values]}>} */
export class Settings extends Emitter {
  #values = { ...DEFAULTS, ...believed(stored()) };

  constructor() {
    super();
    // Another tab wrote: what it changed holds here too, unless each tab has its own.
    window.addEventListener("storage", ({ key }) => {
      if (key === KEY) this.#follow(believed(stored()));
    });
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
   * Change one, and keep it; what other tabs have written of the others stays.
   * @template {keyof Values} Name
   * @param {Name} name
   * @param {Values[Name]} value
   */
  set(name, value) {
    this.#values[name] = value;
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...stored(), [name]: value }));
    } catch {
      // Private windows may refuse; the setting then lasts as long as the page.
    }
    this.emit("change", name);
  }

  /** @param {Partial<Values>} values */
  #follow(values) {
    for (const name of SHARED) {
      const value = values[name] ?? DEFAULTS[name];
      if (value === this.#values[name]) continue;
      Object.assign(this.#values, { [name]: value });
      this.emit("change", name);
    }
  }
}

/**
 * Return what is stored, by any version of the page; nothing where it cannot be read.
 * @returns {Record<string, unknown>}
 */
function stored() {
  try {
    const values = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return values !== null && typeof values === "object" && !Array.isArray(values) ? values : {};
  } catch {
    return {};
  }
}

/**
 * Return the values that prove to be ones, each by itself.
 * @param {Record<string, unknown>} values
 * @returns {Partial<Values>}
 */
function believed(values) {
  const names = /** @type {(keyof Values)[]} */ (Object.keys(PROOFS));
  const proven = names.filter((name) => Object.hasOwn(values, name) && PROOFS[name](values[name]));
  return Object.fromEntries(proven.map((name) => [name, values[name]]));
}

/** @param {unknown} value */
function isSwitch(value) {
  return typeof value === "boolean";
}

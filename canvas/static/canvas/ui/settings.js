/** What this browser remembers of its person; forgets quietly where storage is not allowed. */

const KEY = "pixelsite";
const DEFAULTS = {
  nickname: "", color: null, grid: true, minimap: true, symbols: false, sound: false, notify: false,
  /** Null: as the browser prefers. */
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

  /** @param {keyof typeof DEFAULTS} name */
  get(name) {
    return this.#values[name];
  }

  /** @param {keyof typeof DEFAULTS} name */
  set(name, value) {
    this.#values[name] = value;
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // Private windows may refuse; the setting then lasts as long as the page.
    }
  }
}

/** Features of other apps, whose modules are loaded when a person opens them for the first time. */

import { browserTimers } from "./dom/timers.js";
import { spokenNow, t } from "./i18n/strings.js";
import { later } from "./lib/late.js";
import { Board } from "./state/board.js";
import { announce, toast } from "./ui/toasts.js";

/**
 * @import { Page } from "./reactions.js"
 *
 * The page as a feature gets it: features import nothing of the canvas but `lib` and `sync`.
 * @typedef {Page & typeof VOICE} Host
 *
 * A feature once it is loaded.
 * @typedef {object} Extension
 * @property {() => void | Promise<void>} toggle opens it, or closes it when it is open
 * @property {() => void} [translate] says everything anew, in another language
 * @property {(at: string) => void} [follow] shows the moment that a link names
 * @property {(file: File) => void} [take] takes in a file that was dropped or pasted
 *
 * @typedef {{install: (host: Host) => Extension | Promise<Extension>}} Module
 * @typedef {ReturnType<typeof later<Module>>} Load
 */

const newBoard = () => new Board();

const VOICE = { announce, toast, spokenNow, newBoard };

export class Extensions {
  #pageOf;
  /** @type {Map<string, Load>} */
  #loads = new Map();
  /** Features that are loaded or on their way, by name. @type {Map<string, Promise<Extension>>} */
  #loaded = new Map();
  /** Names of those that failed before. @type {Set<string>} */
  #missed = new Set();

  /** @param {() => Page} pageOf */
  constructor(pageOf) {
    this.#pageOf = pageOf;
  }

  /**
   * Offer a feature.
   * @param {string} name
   * @param {() => Promise<Module>} module imports it
   * @param {() => Promise<Module>} again imports it by its other address
   */
  offer(name, module, again) {
    this.#loads.set(name, later(module, again));
    for (const button of buttonsOf(name)) {
      button.addEventListener("click", () => this.toggle(name));
    }
  }

  /**
   * Open or close a feature; it is loaded the first time. A load that failed is tried again when
   * the feature is asked for again.
   * @param {string} name
   */
  async toggle(name) {
    for (const button of buttonsOf(name)) button.setAttribute("aria-busy", "true");
    try {
      await (await this.load(name))?.toggle();
    } catch {
      this.#failed(name);
    }
    for (const button of buttonsOf(name)) button.removeAttribute("aria-busy");
  }

  /**
   * Load a feature that was in use when the page was left, without a word where that fails.
   * @param {string} name
   */
  resume(name) {
    this.load(name)?.catch(() => this.#loaded.delete(name));
  }

  /**
   * Show the moment that a link names.
   * @param {string} at as it is written
   */
  async follow(at) {
    try {
      (await this.load("history"))?.follow?.(at);
    } catch {
      this.#failed("history");
    }
  }

  /**
   * Hand a file to a feature, once it is loaded.
   * @param {string} name
   * @param {File} file
   */
  async give(name, file) {
    try {
      (await this.load(name))?.take?.(file);
    } catch {
      this.#failed(name);
    }
  }

  /**
   * Say that a feature did not come. Where a module that it imports got no answer, each load waits
   * for that: only another page asks for it anew.
   * @param {string} name
   */
  #failed(name) {
    this.#loaded.delete(name);
    toast(t(this.#missed.has(name) ? "extension_failed_again" : "extension_failed"), "problem");
    this.#missed.add(name);
  }

  /**
   * Return a feature, loaded once; undefined when none has that name.
   * @param {string} name
   * @returns {Promise<Extension> | undefined}
   */
  load(name) {
    const load = this.#loads.get(name);
    if (load && !this.#loaded.has(name)) {
      this.#loaded.set(
        name,
        load(browserTimers).then(({ install }) => install({ ...this.#pageOf(), ...VOICE })),
      );
    }
    return this.#loaded.get(name);
  }

  /** Say everything anew in the features that are loaded. */
  async translate() {
    for (const loaded of this.#loaded.values()) (await loaded.catch(() => null))?.translate?.();
  }
}

/**
 * Return what opens a feature; it breathes while the feature is on its way.
 * @param {string} name
 */
function buttonsOf(name) {
  return document.querySelectorAll(`[data-feature="${name}"]`);
}

/** The menu: links, pictures, and the preferences of this browser. */

import { LANGUAGES, t } from "../i18n/strings.js";
import { byId, make } from "./dom.js";
import { toast } from "./toasts.js";

/**
 * @import { Language } from "../i18n/strings.js"
 * @import { Actions } from "../state/actions.js"
 * @import { Tool } from "../state/tool.js"
 * @import { Settings } from "./settings.js"
 */

const AIDS = /** @type {const} */ (["grid", "minimap", "symbols"]);
const ALERTS = /** @type {const} */ (["sound", "notify"]);

export class Menu {
  #settings;
  #tool;
  #language = byId("set-language", HTMLSelectElement);

  /**
   * @param {object} parts
   * @param {Settings} parts.settings
   * @param {Tool} parts.tool
   * @param {Actions} parts.actions
   * @param {() => Promise<boolean>} parts.askToNotify returns whether the browser allows it
   * @param {(language: Language) => void} parts.speak called when another language was chosen
   */
  constructor({ settings, tool, actions, askToNotify, speak }) {
    this.#settings = settings;
    this.#tool = tool;
    byId("copy-link").addEventListener("click", () => actions.copyLink());
    byId("save-view").addEventListener("click", () => actions.saveView());
    for (const aid of AIDS) {
      onSwitch(aid, (on) => tool.set({ [aid]: on }));
    }
    onSwitch("sound", (on) => settings.set("sound", on));
    onSwitch("notify", (on) => this.#setNotify(on, askToNotify));
    this.#language.replaceChildren(...Object.entries(LANGUAGES).map(languageOption));
    this.#language.addEventListener("change", () => {
      speak(/** @type {Language} */ (this.#language.value));
    });
  }

  /** Show the preferences that hold now. */
  show() {
    this.#language.value = document.documentElement.lang;
    for (const aid of AIDS) switchOf(aid).checked = this.#tool[aid];
    for (const alert of ALERTS) switchOf(alert).checked = this.#settings.get(alert);
  }

  /**
   * @param {boolean} on
   * @param {() => Promise<boolean>} askToNotify
   */
  async #setNotify(on, askToNotify) {
    const allowed = on && (await askToNotify());
    if (on && !allowed) toast(t("notify_denied"), "problem");
    this.#settings.set("notify", allowed);
    this.show();
  }
}

/** @param {(typeof AIDS | typeof ALERTS)[number]} name */
function switchOf(name) {
  return byId(`set-${name}`, HTMLInputElement);
}

/**
 * @param {(typeof AIDS | typeof ALERTS)[number]} name
 * @param {(on: boolean) => void} act
 */
function onSwitch(name, act) {
  const input = switchOf(name);
  input.addEventListener("change", () => act(input.checked));
}

/** @param {[code: string, language: {name: string}]} language */
function languageOption([code, { name }]) {
  return make("option", { value: code, lang: code, text: name });
}

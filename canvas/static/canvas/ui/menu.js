/** The menu: links, pictures, and the preferences of this browser. */

import { make } from "../dom/elements.js";
import { LANGUAGES } from "../i18n/languages.js";
import { t } from "../i18n/strings.js";
import { AIDS } from "../state/tool.js";
import { askToNotify, mayNotify, tryToPlay } from "./alerts.js";
import { byId } from "./dom.js";
import { toast } from "./toasts.js";

/**
 * @import { Language } from "../i18n/strings.js"
 * @import { Actions } from "../state/actions.js"
 * @import { Tool } from "../state/tool.js"
 * @import { Settings } from "./settings.js"
 */

export class Menu {
  #settings;
  #tool;
  #language = byId("set-language", HTMLSelectElement);

  /**
   * @param {object} parts
   * @param {Settings} parts.settings
   * @param {Tool} parts.tool
   * @param {Actions} parts.actions
   * @param {(language: Language) => void} parts.speak called when another language was chosen
   */
  constructor({ settings, tool, actions, speak }) {
    this.#settings = settings;
    this.#tool = tool;
    byId("copy-link").addEventListener("click", () => actions.copyLink());
    byId("save-view").addEventListener("click", () => actions.saveView());
    for (const aid of AIDS) {
      onSwitch(aid, (on) => tool.set({ [aid]: on }));
    }
    onSwitch("sound", (on) => this.#try("sound", on, tryToPlay));
    onSwitch("notify", (on) => this.#try("notify", on, askToNotify));
    settings.on("change", () => this.show());
    this.#language.replaceChildren(...Object.entries(LANGUAGES).map(languageOption));
    this.#language.addEventListener("change", () => {
      speak(/** @type {Language} */ (this.#language.value));
    });
  }

  /** Show the preferences that hold now. */
  show() {
    this.#language.value = document.documentElement.lang;
    for (const aid of AIDS) switchOf(aid).checked = this.#tool[aid];
    switchOf("sound").checked = this.#settings.get("sound");
    switchOf("notify").checked = this.#settings.get("notify") && mayNotify();
  }

  /**
   * Switch an alert on once it has worked.
   * @param {"sound" | "notify"} name
   * @param {boolean} on
   * @param {() => boolean | Promise<boolean>} attempt
   */
  async #try(name, on, attempt) {
    const works = on && (await attempt());
    if (on && !works) toast(t(`${name}_denied`), "problem");
    this.#settings.set(name, works);
  }
}

/** @param {(typeof AIDS)[number] | "sound" | "notify"} name */
function switchOf(name) {
  return byId(`set-${name}`, HTMLInputElement);
}

/**
 * @param {(typeof AIDS)[number] | "sound" | "notify"} name
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

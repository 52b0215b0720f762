/** The menu: taking the picture along, and what this browser prefers. */

import { byId } from "./dom.js";
import { t } from "../i18n/strings.js";
import { toast } from "./toasts.js";

const AIDS = ["grid", "minimap", "symbols"];
const ALERTS = ["sound", "notify"];

export class Menu {
  #settings;
  #tool;

  /**
   * @param {{settings: object, tool: object, actions: object,
   *   askToNotify: () => Promise<boolean>, speak: (language: string) => void}} parts
   */
  constructor({ settings, tool, actions, askToNotify, speak }) {
    this.#settings = settings;
    this.#tool = tool;
    byId("copy-link").addEventListener("click", () => actions.copyLink());
    byId("save-view").addEventListener("click", () => actions.saveView());
    for (const aid of AIDS) {
      byId(`set-${aid}`).addEventListener("change", ({ target }) => tool.set({ [aid]: target.checked }));
    }
    byId("set-language").addEventListener("change", ({ target }) => speak(target.value));
    byId("set-sound").addEventListener("change", ({ target }) => settings.set("sound", target.checked));
    byId("set-notify").addEventListener("change", async ({ target }) => {
      const allowed = target.checked && (await askToNotify());
      if (target.checked && !allowed) toast(t("notify_denied"), "problem");
      settings.set("notify", allowed);
      this.show();
    });
  }

  show() {
    byId("set-language").value = document.documentElement.lang;
    for (const aid of AIDS) byId(`set-${aid}`).checked = this.#tool[aid];
    for (const alert of ALERTS) byId(`set-${alert}`).checked = this.#settings.get(alert);
  }
}

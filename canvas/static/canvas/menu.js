/** The menu: taking the picture along, and what this browser prefers. */

import { byId } from "./dom.js";
import { t } from "./strings.js";
import { toast } from "./toasts.js";

const AIDS = ["grid", "minimap", "symbols"];
const ALERTS = ["sound", "notify"];

export class Menu {
  #settings;
  #hand;

  /**
   * @param {{settings: object, hand: object, actions: object,
   *   askToNotify: () => Promise<boolean>, speak: (language: string) => void}} parts
   */
  constructor({ settings, hand, actions, askToNotify, speak }) {
    this.#settings = settings;
    this.#hand = hand;
    byId("copy-link").addEventListener("click", () => actions.copyLink());
    byId("save-view").addEventListener("click", () => actions.saveView());
    for (const aid of AIDS) {
      byId(`set-${aid}`).addEventListener("change", ({ target }) => hand.set({ [aid]: target.checked }));
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
    for (const aid of AIDS) byId(`set-${aid}`).checked = this.#hand[aid];
    for (const alert of ALERTS) byId(`set-${alert}`).checked = this.#settings.get(alert);
  }
}

/** Panels beside the board, one open at a time, and the help sheet. */

import { byId } from "./dom.js";

const NAMES = ["people", "menu", "pixel"];

export class Panels {
  #opener = null;
  #openers = { people: byId("people-button"), menu: byId("menu-button") };
  #help = byId("help");
  /** @type {((name: string) => void) | null} */
  onOpen = null;

  constructor() {
    for (const [name, button] of Object.entries(this.#openers)) {
      button.addEventListener("click", () => this.toggle(name));
    }
    for (const name of NAMES) {
      this.#panel(name).querySelector("[data-close]").addEventListener("click", () => this.close());
      this.#panel(name).addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    }
    byId("help-button").addEventListener("click", () => this.help());
    this.#help.querySelector("[data-close]").addEventListener("click", () => this.#help.close());
    // A click on the backdrop is a click on the dialog itself.
    this.#help.addEventListener("click", ({ target }) => target === this.#help && this.#help.close());
  }

  /** @returns {string | undefined} the name of the open panel */
  get current() {
    return NAMES.find((name) => !this.#panel(name).hidden);
  }

  open(name) {
    this.#hideAll();
    // The body takes no focus back: keys would be lost in the heading of a panel that is gone.
    this.#opener = document.activeElement === document.body ? byId("stage") : document.activeElement;
    const panel = this.#panel(name);
    panel.hidden = false;
    this.#openers[name]?.setAttribute("aria-expanded", "true");
    this.onOpen?.(name);
    panel.querySelector("h2").focus();
  }

  toggle(name) {
    if (this.current === name) this.close();
    else this.open(name);
  }

  /** @returns {boolean} whether anything was open */
  close() {
    if (!this.current) return false;
    const inside = this.#panel(this.current).contains(document.activeElement);
    this.#hideAll();
    if (inside) (this.#opener?.isConnected ? this.#opener : byId("stage")).focus();
    return true;
  }

  help() {
    this.#help.showModal();
  }

  #hideAll() {
    for (const name of NAMES) this.#panel(name).hidden = true;
    for (const button of Object.values(this.#openers)) button.setAttribute("aria-expanded", "false");
  }

  #panel(name) {
    return byId(`${name}-panel`);
  }
}

/** The panels beside the board, one open at a time, and the help sheet. */

import { Back } from "./back.js";
import { byId, find } from "./dom.js";

/** The panels of the page itself; features bring others. */
const NAMES = ["people", "menu", "pixel", "goto"];

export class Panels {
  /** The element that had the focus before. @type {HTMLElement | null} */
  #opener = null;
  #names = [...NAMES];
  /** The acts of features when their panel was opened, by name. @type {Map<string, () => void>} */
  #opened = new Map();
  /** @type {Partial<Record<string, HTMLElement>>} */
  #buttons = {
    people: byId("people-button"),
    menu: byId("menu-button"),
    goto: byId("goto-button"),
  };
  #help = byId("help", HTMLDialogElement);
  #back;
  /** @type {((name: string) => void) | null} */
  onOpen = null;

  /** @param {() => void} stay keeps the place when the browser goes back */
  constructor(stay) {
    const close = () => {
      this.#help.close();
      this.close();
    };
    this.#back = new Back(close, stay);
    for (const name of NAMES) {
      this.#buttons[name]?.addEventListener("click", () => this.toggle(name));
      this.#listen(name);
    }
    byId("help-button").addEventListener("click", () => this.help());
    find(this.#help, "[data-close]").addEventListener("click", () => this.#help.close());
    // A click on the backdrop is a click on the dialog itself.
    this.#help.addEventListener("click", ({ target }) => {
      if (target === this.#help) this.#help.close();
    });
    this.#help.addEventListener("close", () => this.#noteClosed());
  }

  /**
   * Take in the panel of a feature, which is in the page as `{name}-panel`, with a heading and a
   * button to close it.
   * @param {string} name
   * @param {HTMLElement} [button] tells whether it is open
   * @param {() => void} [opened] called when it was opened
   */
  adopt(name, button, opened) {
    this.#names.push(name);
    if (opened) this.#opened.set(name, opened);
    if (button) this.#buttons[name] = button;
    this.#listen(name);
  }

  /** The name of the open panel. */
  get current() {
    return this.#names.find((name) => !panelOf(name).hidden);
  }

  /** @param {string} name */
  open(name) {
    this.#hideAll();
    const { activeElement } = document;
    // The body takes no focus back: keys would be lost in the heading of a panel that is gone.
    const focusable = activeElement instanceof HTMLElement && activeElement !== document.body;
    this.#opener = focusable ? activeElement : byId("stage");
    const panel = panelOf(name);
    panel.hidden = false;
    this.#back.opened();
    this.#buttons[name]?.setAttribute("aria-expanded", "true");
    find(panel, "h2").focus();
    this.onOpen?.(name);
    this.#opened.get(name)?.();
  }

  /** @param {string} name */
  toggle(name) {
    if (this.current === name) this.close();
    else this.open(name);
  }

  /**
   * Close the open panel.
   * @returns {boolean} whether one was open
   */
  close() {
    if (!this.current) return false;
    const inside = panelOf(this.current).contains(document.activeElement);
    this.#hideAll();
    this.#noteClosed();
    if (inside) (this.#opener?.isConnected ? this.#opener : byId("stage")).focus();
    return true;
  }

  help() {
    this.#help.showModal();
    this.#back.opened();
  }

  #noteClosed() {
    if (!this.current && !this.#help.open) this.#back.closed();
  }

  /** @param {string} name */
  #listen(name) {
    const panel = panelOf(name);
    find(panel, "[data-close]").addEventListener("click", () => this.close());
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  #hideAll() {
    for (const name of this.#names) panelOf(name).hidden = true;
    for (const button of Object.values(this.#buttons)) {
      button?.setAttribute("aria-expanded", "false");
    }
  }
}

/** @param {string} name */
function panelOf(name) {
  return byId(`${name}-panel`);
}

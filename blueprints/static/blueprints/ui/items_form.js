/** The list of what a file has: each can be taken, and a picture is asked for where it has none. */

import { w } from "../i18n/words.js";
import { button, make, worded } from "./elements.js";

/** @import { Item } from "../files/importing.js" */

export class ItemsForm {
  element = make("div", { className: "bp-form", hidden: true });
  #list = make("ul", { className: "bp-list" });
  #acts;
  /** @type {Item[]} */
  #items = [];

  /** @param {{take: (item: Item) => void, left: () => void}} acts */
  constructor(acts) {
    this.#acts = acts;
    const cancel = button("close", "cancel", () => {
      this.close();
      acts.left();
    });
    this.element.append(worded("p", "items_found"), this.#list, cancel);
  }

  /** @param {Item[]} items */
  open(items) {
    this.#items = items;
    this.element.hidden = false;
    this.translate();
  }

  close() {
    this.element.hidden = true;
    this.#list.replaceChildren();
  }

  translate() {
    this.#list.replaceChildren(...this.#items.map((item) => this.#row(item)));
  }

  /** @param {Item} item */
  #row(item) {
    const { title, x, y, parts, source } = item;
    const words = [make("bdi", { className: "bp-title", text: title || w("untitled") })];
    if (x !== null && y !== null)
      words.push(make("bdi", { className: "quiet", text: `${x}, ${y}` }));
    if (!parts.length) {
      words.push(make("bdi", { className: "quiet", text: w("items_lack", { source }) }));
    }
    const take = parts.length
      ? button("done", "items_take", () => this.#acts.take(item))
      : button("picture", "items_picture", () => this.#acts.take(item));
    return make("li", { className: "bp-item" }, make("div", {}, ...words), take);
  }
}

/** The list of the blueprints that a person has saved on the site. */

import { w } from "../i18n/words.js";
import { button, make, worded } from "./elements.js";

/** @import { Listed } from "../shared/site.js" */

export class MineForm {
  element = make("div", { className: "bp-form", hidden: true });
  #list = make("ul", { className: "bp-list" });
  #none = worded("p", "mine_none", { className: "quiet" });
  #acts;

  /**
   * @param {object} acts
   * @param {(id: string) => void} acts.open
   * @param {(listed: Listed) => void} acts.remove one's own
   * @param {(listed: Listed) => void} acts.leave one of another person
   * @param {() => void} acts.left
   */
  constructor(acts) {
    this.#acts = acts;
    const back = button("close", "cancel", acts.left);
    this.element.append(worded("h3", "mine"), this.#none, this.#list, back);
  }

  /** @param {Listed[]} all */
  open(all) {
    this.#none.hidden = all.length > 0;
    this.#list.replaceChildren(...all.map((each) => this.#row(each)));
    this.element.hidden = false;
  }

  close() {
    this.element.hidden = true;
  }

  /** @param {Listed} listed */
  #row(listed) {
    const { title, x, y, saved } = listed;
    const facts = w("mine_facts", { place: `${x}, ${y}`, version: saved.version });
    const words = make("div", {}, make("bdi", { className: "bp-title", text: title }));
    words.append(make("span", { className: "quiet", text: facts }));
    const buttons = make("div", { className: "bp-pair" });
    buttons.append(button("done", "items_take", () => this.#acts.open(saved.id)));
    if (saved.isMine) buttons.append(button("remove", "remove", () => this.#acts.remove(listed)));
    else buttons.append(button("close", "leave_site", () => this.#acts.leave(listed)));
    return make("li", { className: "bp-item" }, words, buttons);
  }
}

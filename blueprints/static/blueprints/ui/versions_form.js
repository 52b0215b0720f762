/** The versions of a blueprint of the site: each can be looked at, and brought back. */

import { w, when } from "../i18n/words.js";
import { button, make, worded } from "./elements.js";
import { Preview } from "./preview.js";

/**
 * @import { Image } from "../model/image.js"
 * @import { Former } from "../shared/former.js"
 *
 * @typedef {object} VersionsActs
 * @property {(former: Former) => Promise<Image | null>} look fetches its image
 * @property {(former: Former) => void} bringBack saves it as the newest version
 * @property {() => void} left
 * @property {() => string[]} hexes of the palette
 *
 * @typedef {{version: number, mayEdit: boolean}} Present the version that is shown to all
 */

export class VersionsForm {
  element = make("div", { className: "bp-form", hidden: true });
  #title = worded("h3", "versions", { tabIndex: -1 });
  #list = make("ul", { className: "bp-list" });
  #acts;

  /** @param {VersionsActs} acts */
  constructor(acts) {
    this.#acts = acts;
    const back = button("close", "cancel", acts.left);
    this.element.append(this.#title, this.#list, back);
  }

  /**
   * @param {Former[]} all the newest first
   * @param {Present} present
   */
  open(all, present) {
    this.#list.replaceChildren(...all.map((each) => this.#row(each, present)));
    this.element.hidden = false;
    this.#title.focus();
  }

  close() {
    this.element.hidden = true;
    this.#list.replaceChildren();
  }

  /**
   * @param {Former} former
   * @param {Present} present
   */
  #row(former, { version, mayEdit }) {
    const { by, at, title, x, y } = former;
    const facts = { version: former.version, owner: by ?? "–", when: when(at) };
    const words = make("div", {}, make("bdi", { text: w("version_facts", facts) }));
    words.append(make("bdi", { className: "quiet", text: `${title} · ${x}, ${y}` }));
    const buttons = make("div", { className: "bp-pair" });
    const look = button("picture", "version_look", () => this.#look(former, row, look));
    buttons.append(look);
    const isFormer = former.version !== version;
    if (!isFormer) words.append(make("span", { className: "quiet", text: w("version_now") }));
    if (isFormer && mayEdit)
      buttons.append(button("save", "version_back", () => this.#acts.bringBack(former)));
    const row = make("li", { className: "bp-item bp-version" }, words, buttons);
    return row;
  }

  /**
   * Show the picture of a version below its words.
   * @param {Former} former
   * @param {HTMLElement} row
   * @param {HTMLButtonElement} asked it was pressed; it is of no use a second time
   */
  async #look(former, row, asked) {
    asked.disabled = true;
    const image = await this.#acts.look(former);
    asked.disabled = image !== null;
    if (!image) return;
    const preview = new Preview();
    preview.show(image, this.#acts.hexes());
    const { element } = preview;
    element.removeAttribute("aria-hidden");
    element.setAttribute("role", "img");
    const { version } = former;
    const { width, height } = image;
    element.setAttribute("aria-label", w("version_picture", { version, width, height }));
    row.append(element);
  }
}

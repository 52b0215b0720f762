/** The form in which a blueprint is saved on the site, for others to open by its link. */

import { w } from "../i18n/words.js";
import { button, make, translate, worded } from "./elements.js";

/**
 * @import { Shelved } from "../model/shelf.js"
 * @import { Saving } from "../shared/site.js"
 */

const LONGEST = { title: 60, description: 500, link: 200, coeditors: 400 };

export class SaveForm {
  element = make("form", { className: "bp-form", hidden: true, noValidate: true });
  #title = make("input", { type: "text", maxLength: LONGEST.title, autocomplete: "off" });
  #description = make("textarea", { maxLength: LONGEST.description, rows: 3 });
  #link = make("input", { type: "url", maxLength: LONGEST.link, autocomplete: "off", dir: "ltr" });
  #coeditors = make("input", { type: "text", maxLength: LONGEST.coeditors, autocomplete: "off" });
  #about = make("p", { className: "quiet" });
  /** @type {Shelved | null} */
  #blueprint = null;

  /**
   * @param {object} acts
   * @param {(blueprint: Shelved, saving: Saving) => Promise<Shelved | null>} acts.save returns
   *   what is still to be saved
   * @param {() => void} acts.left
   */
  constructor({ save, left }) {
    const cancel = button("close", "cancel", left);
    const submit = worded("button", "save_go", { type: "submit", className: "primary" });
    this.element.append(
      this.#about,
      make("label", { className: "bp-field" }, worded("span", "name"), this.#title),
      make("label", { className: "bp-field" }, worded("span", "description"), this.#description),
      make("label", { className: "bp-field" }, worded("span", "group_link"), this.#link),
      make("label", { className: "bp-field" }, worded("span", "coeditors"), this.#coeditors),
      make("div", { className: "bp-buttons bp-ends" }, cancel, submit),
    );
    this.element.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!this.#blueprint) return;
      if (!this.#title.value.trim()) return this.#title.focus();
      submit.disabled = true;
      const saved = this.#blueprint;
      const rest = await save(saved, this.#saving(saved));
      submit.disabled = false;
      if (this.#blueprint !== saved) return; // another one is to be saved by now
      this.#blueprint = rest;
      if (!rest) left();
    });
  }

  /** @param {Shelved} blueprint */
  open(blueprint) {
    const { title, saved } = blueprint;
    this.#blueprint = blueprint;
    this.#title.value = title;
    this.#description.value = saved?.description ?? "";
    this.#link.value = saved?.link ?? "";
    this.#coeditors.value = saved?.coeditors.join(", ") ?? "";
    this.#coeditors.disabled = Boolean(saved?.mayEdit) && !saved?.isMine;
    this.#about.textContent = w(saved?.mayEdit ? "save_version" : "save_about");
    this.element.hidden = false;
    translate(this.element);
    this.#title.focus();
  }

  close() {
    this.element.hidden = true;
    this.#blueprint = null;
  }

  /**
   * @param {Shelved} blueprint
   * @returns {Saving}
   */
  #saving({ id: _, x, y, saved }) {
    const names = this.#coeditors.value.split(",").map((name) => name.trim());
    const coeditors = names.filter((name) => name !== "");
    const own = !saved?.mayEdit || saved.isMine;
    return {
      title: this.#title.value.trim(),
      description: this.#description.value,
      link: this.#link.value.trim(),
      x,
      y,
      ...(own ? { coeditors } : {}),
    };
  }
}

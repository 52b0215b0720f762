/** The panel of the blueprints: the list, how they look, and what is left to draw. */

import { LEAST_OPACITY, MODES } from "../model/look.js";
import { ColorsLeft, colorsLeft } from "./colors_left.js";
import { button, choice, icon, make, toggle, translate, worded } from "./elements.js";
import { Row } from "./row.js";

/**
 * @import { Look, Values } from "../model/look.js"
 * @import { Shelf } from "../model/shelf.js"
 * @import { Mode } from "../draw/brushes.js"
 * @import { RowActs } from "./row.js"
 *
 * @typedef {object} PanelActs
 * @property {() => void} choosePicture
 * @property {() => void} chooseRegion
 * @property {() => void} openMine
 * @property {(random: boolean) => void} next
 * @property {(id: string) => RowActs} ofRow
 *
 * @typedef {{hexes: string[], names: string[]}} Colors
 * @typedef {{canvas: {autoColor: boolean}}} Rules
 */

const SWITCHES = /** @type {const} */ (["follow", "warn", "held"]);

export class BlueprintsPanel {
  element;
  #shelf;
  #look;
  #acts;
  #colors;
  #rules;
  #list = make("ul", { className: "bp-list" });
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #left;
  #work = make("div", { className: "bp-work" });
  #mode;
  #opacity = make("input", { type: "range", min: LEAST_OPACITY, max: 100, step: 5 });
  /** @type {Map<keyof Values, HTMLInputElement>} */
  #switches = new Map();
  #forbidden = worded("p", "follow_forbidden", { id: "bp-forbidden", className: "quiet" });
  #hint = worded("p", "hint", { className: "quiet" });
  #main = make("div", { className: "bp-main" });

  /**
   * @param {{shelf: Shelf, look: Look, colors: Colors, rules: Rules, forms: HTMLElement[]}} parts
   *   `forms` take the place of all else while they are open
   * @param {PanelActs} acts
   */
  constructor({ shelf, look, colors, rules, forms }, acts) {
    this.#shelf = shelf;
    this.#look = look;
    this.#colors = colors;
    this.#rules = rules;
    this.#acts = acts;
    this.#left = new ColorsLeft((index) => look.showAlone(index));
    this.#mode = choice(
      "look",
      MODES.map((mode) => /** @type {const} */ ([mode, `mode_${mode}`])),
      (mode) => look.set({ mode: /** @type {Mode} */ (mode) }),
    );
    this.#fill();
    this.element = make("section", {
      id: "blueprints-panel",
      className: "panel card bp-panel",
      "aria-labelledby": "blueprints-title",
      hidden: true,
    });
    const close = make("button", { type: "button", className: "icon", "data-close": "" });
    close.append(icon("close"));
    close.setAttribute("data-w-label", "close");
    const title = worded("h2", "title", { id: "blueprints-title", tabIndex: -1 });
    this.element.append(make("header", {}, title, close), ...forms, this.#main);
    translate(this.element);
  }

  /** Show the list: others, or in another order. */
  showList() {
    const { all } = this.#shelf;
    for (const id of this.#rows.keys()) if (!this.#shelf.find(id)) this.#rows.delete(id);
    const rows = all.map(({ id }) => {
      const row = this.#rows.get(id) ?? new Row(this.#acts.ofRow(id));
      this.#rows.set(id, row);
      return row.element;
    });
    // Elements that stay in their place keep the focus.
    if (rows.some((row, at) => this.#list.children[at] !== row))
      this.#list.replaceChildren(...rows);
    while (this.#list.children.length > rows.length) this.#list.lastElementChild?.remove();
    this.#hint.hidden = all.length > 0;
    this.#work.hidden = all.length === 0;
    this.showCounts();
  }

  /** Show how far they are; while the panel is closed there is nothing to show. */
  showCounts() {
    if (this.element.hidden) return;
    const now = Date.now();
    for (const each of this.#shelf.all) this.#rows.get(each.id)?.show(each, now);
    const on = this.#shelf.all.filter((each) => each.on);
    this.#left.show(colorsLeft(on), this.#colors, this.#look.alone);
  }

  /** Show how they look. */
  showLook() {
    const { values } = this.#look;
    this.#mode.select.value = values.mode;
    this.#opacity.value = String(values.opacity);
    for (const [name, input] of this.#switches) input.checked = Boolean(values[name]);
    this.#showRules();
    this.showCounts();
  }

  /** Let the switch rest where the canvas forbids that the hand takes colours, and say so. */
  #showRules() {
    const { autoColor } = this.#rules.canvas;
    const input = this.#switches.get("follow");
    this.#forbidden.hidden = autoColor;
    if (!input) return;
    input.disabled = !autoColor;
    if (autoColor) return input.removeAttribute("aria-describedby");
    input.checked = false;
    input.setAttribute("aria-describedby", this.#forbidden.id);
  }

  /** @param {boolean} shown false while a form takes its place */
  showMain(shown) {
    this.#main.hidden = !shown;
  }

  translate() {
    translate(this.element);
    this.showList();
  }

  #fill() {
    const { choosePicture, chooseRegion, openMine, next } = this.#acts;
    const add = make("div", { className: "bp-buttons" });
    add.append(
      button("picture", "add_picture", choosePicture),
      button("region", "add_region", chooseRegion),
      button("blueprint", "mine", openMine),
    );
    const go = make("div", { className: "bp-buttons" });
    go.append(
      button("next", "next_nearest", () => next(false)),
      button("dice", "next_random", () => next(true)),
    );
    this.#opacity.addEventListener("input", () => {
      this.#look.set({ opacity: Number(this.#opacity.value) });
    });
    const opacity = make("label", { className: "pick" }, worded("span", "opacity"), this.#opacity);
    this.#work.append(worded("h3", "what_next"), go, this.#left.element, ...this.#switch());
    this.#work.append(worded("h3", "how_it_looks"), this.#mode.element, opacity);
    this.#main.append(add, this.#hint, this.#list, this.#work);
  }

  #switch() {
    return SWITCHES.flatMap((name) => {
      const { element, input } = toggle(name, (on) => this.#look.set({ [name]: on }));
      this.#switches.set(name, input);
      return name === "follow" ? [element, this.#forbidden] : [element];
    });
  }
}

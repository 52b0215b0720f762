/** A blueprint in the list: on or off, how far it is, and what can be done with it. */

import { w } from "../i18n/words.js";
import { timeLeft } from "../model/pace.js";
import { button, iconButton, make, numberField } from "./elements.js";
import { SharedPart } from "./shared_part.js";

/**
 * @import { Shelved } from "../model/shelf.js"
 * @import { SharedActs } from "./shared_part.js"
 *
 * @typedef {object} RowActs
 * @property {(on: boolean) => void} turn
 * @property {(place: {x?: number, y?: number}) => void} place
 * @property {() => void} go
 * @property {() => void} move
 * @property {(by: number) => void} reorder
 * @property {() => void} savePicture
 * @property {() => void} copyLink
 * @property {() => void} remove
 * @property {SharedActs} shared
 */

const FARTHEST = 8_191; // cells
const HOUR_MS = 3_600_000;

export class Row {
  element = make("li", { className: "bp-row" });
  #acts;
  #on = make("input", { type: "checkbox" });
  #title = make("bdi", { className: "bp-title" });
  #bar = make("i");
  #facts = make("p", { className: "quiet bp-facts" });
  #more = make("div", { className: "bp-more", hidden: true });
  #toggle;
  #x;
  #y;
  #shared;

  /** @param {RowActs} acts */
  constructor(acts) {
    this.#acts = acts;
    this.#on.addEventListener("change", () => acts.turn(this.#on.checked));
    this.#toggle = iconButton("more", "more", () => this.#open(Boolean(this.#more.hidden)));
    this.#toggle.setAttribute("aria-expanded", "false");
    const bounds = { min: -FARTHEST, max: FARTHEST };
    this.#x = numberField("column", bounds, (x) => acts.place({ x }));
    this.#y = numberField("row", bounds, (y) => acts.place({ y }));
    this.#shared = new SharedPart(acts.shared);
    const on = make("label", { className: "bp-on" }, this.#on, this.#title);
    const head = make("div", { className: "bp-head" }, on, this.#toggle);
    const bar = make("div", { className: "bp-bar", "aria-hidden": "true" }, this.#bar);
    this.#fill();
    this.element.append(head, bar, this.#facts, this.#more);
  }

  /**
   * Show a blueprint as it is now.
   * @param {Shelved} blueprint
   * @param {number} now ms since 1970
   */
  show(blueprint, now) {
    const { all } = blueprint.count;
    this.#on.checked = blueprint.on;
    this.#title.textContent = blueprint.title || w("untitled");
    this.#bar.style.width = `${(all.right / Math.max(1, all.cells)) * 100}%`;
    this.#facts.textContent = factsOf(blueprint, now);
    this.#shared.show(blueprint.saved);
    if (document.activeElement !== this.#x.input) this.#x.input.value = String(blueprint.x);
    if (document.activeElement !== this.#y.input) this.#y.input.value = String(blueprint.y);
  }

  #fill() {
    const acts = this.#acts;
    const place = make("div", { className: "bp-place" }, this.#x.element, this.#y.element);
    place.append(iconButton("up", "higher", () => acts.reorder(-1)));
    place.append(iconButton("down", "lower", () => acts.reorder(1)));
    const buttons = make("div", { className: "bp-buttons" });
    buttons.append(
      button("move", "move", acts.move),
      button("place", "go_there", acts.go),
      button("save", "save_png", acts.savePicture),
      button("copy", "copy_pxls", acts.copyLink),
      button("remove", "remove", acts.remove),
    );
    this.#more.append(place, buttons, this.#shared.element);
  }

  /** @param {boolean} open */
  #open(open) {
    this.#more.hidden = !open;
    this.#toggle.setAttribute("aria-expanded", String(open));
  }
}

/**
 * @param {Shelved} blueprint
 * @param {number} now
 */
function factsOf({ count, samples, inked }, now) {
  const { cells, right, wrong, missing } = count.all;
  const facts = [w("counts", { right, cells, wrong, missing })];
  const outside = inked - cells;
  if (outside) facts.push(w("outside", { count: outside }));
  const left = timeLeft(samples, { at: now, right }, cells - right);
  if (left !== null && cells > right) facts.push(timeWords(left));
  return facts.join(" · ");
}

/** @param {number} ms */
function timeWords(ms) {
  if (!Number.isFinite(ms)) return w("time_none");
  if (ms < HOUR_MS) return w("time_minutes", { count: Math.max(1, Math.round(ms / 60_000)) });
  if (ms < 48 * HOUR_MS) return w("time_hours", { count: Math.round(ms / HOUR_MS) });
  return w("time_days", { count: Math.round(ms / (24 * HOUR_MS)) });
}

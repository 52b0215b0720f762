/** The colours that are left to draw: each with its cells, to be shown alone. */

import { w, written } from "../i18n/words.js";
import { make } from "./elements.js";

/**
 * @import { Shelved } from "../model/shelf.js"
 *
 * @typedef {{index: number, left: number}} ColorLeft
 */

/**
 * Return the colours that are left, those with the most cells first.
 * @param {Shelved[]} blueprints
 * @returns {ColorLeft[]}
 */
export function colorsLeft(blueprints) {
  /** @type {Map<number, number>} */
  const left = new Map();
  for (const { count } of blueprints) {
    for (const { wants, cells, right } of count.colors) {
      if (cells > right) left.set(wants, (left.get(wants) ?? 0) + cells - right);
    }
  }
  const all = [...left].map(([index, cells]) => ({ index, left: cells }));
  return all.sort((a, b) => b.left - a.left || a.index - b.index);
}

export class ColorsLeft {
  element = make("div", { className: "bp-colors", role: "group" });
  #choose;
  #shown = "";

  /** @param {(index: number | null) => void} choose shows one colour alone; null: all */
  constructor(choose) {
    this.#choose = choose;
  }

  /**
   * @param {ColorLeft[]} left
   * @param {{hexes: string[], names: string[]}} colors
   * @param {number | null} alone
   */
  show(left, colors, alone) {
    this.element.setAttribute("aria-label", w("colors_left"));
    const shown = JSON.stringify([left, colors, alone]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.color;
    this.element.replaceChildren(...left.map((each) => this.#button(each, colors, alone)));
    if (focused === undefined) return;
    /** @type {HTMLElement | null} */ (
      this.element.querySelector(`[data-color="${Number(focused)}"]`)
    )?.focus();
  }

  /**
   * @param {ColorLeft} color
   * @param {{hexes: string[], names: string[]}} colors
   * @param {number | null} alone
   */
  #button({ index, left }, { hexes, names }, alone) {
    const chip = make("span", { className: "chip" });
    chip.style.background = hexes[index] ?? "none";
    const button = make("button", { type: "button", className: "bp-color" }, chip, written(left));
    button.dataset.color = String(index);
    button.setAttribute("aria-pressed", String(alone === index));
    const words = w("color_left", { name: names[index] ?? "?", left });
    button.setAttribute("aria-label", words);
    button.title = words;
    button.addEventListener("click", () => this.#choose(alone === index ? null : index));
    return button;
  }
}

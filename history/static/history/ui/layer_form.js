/** The choice of a layer, what it shows in one line, and what its colours mean. */

import { COLORS } from "../board/layers.js";
import { make } from "./elements.js";

/**
 * @import { Key } from "../i18n/languages.js"
 * @import { Kind } from "../board/layers.js"
 * @import { Words } from "../i18n/words.js"
 *
 * @typedef {Kind | "none"} Choice
 */

const CHOICES = /** @type {Choice[]} */ ([
  "none",
  "heat",
  "age",
  "often",
  "untouched",
  "mine",
  "programs",
  "color",
]);
const COUNTS = ["64+", "32–63", "16–31", "8–15", "4–7", "2–3", "1"];
const AGES = /** @type {Key[]} */ ([
  "age_minute",
  "age_minutes",
  "age_hour",
  "age_hours",
  "age_day",
  "age_week",
  "age_older",
]);
const BRIGHTEST = COLORS.length - 1;
const OVER = 2; // the colour of own cells that were drawn over

export class LayerForm {
  element;
  #words;
  #choose;
  #kind = make("select");
  #color = make("select");
  #labels = [this.#kind, this.#color].map((field) =>
    make("label", { className: "past-label" }, make("span"), field),
  );
  #explanation = make("p", { className: "quiet" });
  #legend = make("ul", { className: "past-legend" });
  #progress = make("progress", { max: 1, hidden: 1 });

  /**
   * @param {Words} words
   * @param {(choice: Choice, color: number) => void} choose
   */
  constructor(words, choose) {
    this.#words = words;
    this.#choose = choose;
    for (const field of [this.#kind, this.#color]) {
      field.addEventListener("change", () => this.#chosen());
    }
    this.element = make(
      "div",
      { className: "past-layers" },
      ...this.#labels,
      this.#explanation,
      this.#progress,
      this.#legend,
    );
    this.translate();
  }

  /**
   * Offer the colours of the moment.
   * @param {string[]} names by palette index
   */
  offer(names) {
    const chosen = this.#color.value;
    this.#color.replaceChildren(...names.map((each, index) => option(each, String(index))));
    this.#color.value = Number(chosen) < names.length ? chosen || "0" : "0";
  }

  /** Say everything anew. */
  translate() {
    const t = this.#words.t.bind(this.#words);
    const kind = this.#kind.value || "none";
    this.#kind.replaceChildren(...CHOICES.map((each) => option(t(`layer_${each}`), each)));
    this.#kind.value = kind;
    for (const [i, key] of /** @type {Key[]} */ (["layer", "color"]).entries()) {
      this.#labels[i].children[0].textContent = t(key);
    }
    this.#progress.setAttribute("aria-label", t("counting"));
    this.#explain();
  }

  /** Choose no layer. */
  reset() {
    this.#kind.value = "none";
    this.#explain();
  }

  /**
   * Show how far the counting is; all of it is done at 1.
   * @param {number} share
   */
  showProgress(share) {
    this.#progress.hidden = share >= 1;
    this.#progress.value = share;
  }

  get #choice() {
    return /** @type {Choice} */ (this.#kind.value);
  }

  #chosen() {
    this.#explain();
    this.#choose(this.#choice, Number(this.#color.value));
  }

  #explain() {
    const choice = this.#choice;
    this.#labels[1].hidden = choice !== "color";
    this.#explanation.textContent = this.#words.t(`explain_${choice}`);
    this.#legend.replaceChildren(
      ...this.#meanings(choice).map(([color, words]) => meaning(color, words)),
    );
  }

  /**
   * @param {Choice} choice
   * @returns {[color: string, words: string][]} the brightest first
   */
  #meanings(choice) {
    const brightest = COLORS[BRIGHTEST];
    const t = this.#words.t.bind(this.#words);
    if (choice === "none") return [];
    if (choice === "heat" || choice === "often") {
      return COUNTS.map((words, i) => [COLORS[BRIGHTEST - i], words]);
    }
    if (choice === "age") return AGES.map((key, i) => [COLORS[BRIGHTEST - i], t(key)]);
    if (choice === "mine") {
      return [
        [brightest, t("mine_seen")],
        [COLORS[OVER], t("mine_over")],
      ];
    }
    return [[brightest, t(`layer_${choice}`)]];
  }
}

/**
 * @param {string} color
 * @param {string} words
 */
function meaning(color, words) {
  const swatch = make("i", { className: "chip" });
  swatch.style.backgroundColor = color;
  const text = make("span", { textContent: words });
  // A range of numbers runs from left to right in every script.
  if (/^\d/.test(words)) text.dir = "ltr";
  return make("li", {}, swatch, text);
}

/**
 * @param {string} text
 * @param {string} value
 */
function option(text, value) {
  return make("option", { value, textContent: text });
}

/** The panel beside the bar: layers over the board, films, and before and after. */

import { localField } from "../time/moments.js";
import { icon, make, name } from "./elements.js";

/**
 * @import { Format } from "../film/codecs.js"
 * @import { Key } from "../i18n/languages.js"
 * @import { Words } from "../i18n/words.js"
 *
 * @typedef {"seen" | "whole" | "dragged"} Where
 *
 * `from` and `to` are `NaN` for no moment.
 * @typedef {{from: number, to: number, seconds: number, where: Where, format: Format}} Wanted
 *
 * @typedef {object} PanelActs
 * @property {(wanted: Wanted) => void} film
 * @property {(wanted: Wanted) => void} compare
 * @property {() => void} cancel the film
 */

const CLOSE = "M6 6l12 12M18 6L6 18";
const LENGTHS = [5, 10, 20, 30, 60]; // seconds
const PLACES = /** @type {const} */ (["seen", "whole", "dragged"]);
/** @type {Record<Format, string>} */
const FORMAT_NAMES = { mp4: "MP4", webm: "WebM", gif: "GIF" };

export class Panel {
  #words;
  #title = make("h2", { id: "past-title", tabIndex: -1 });
  #close = make("button", { type: "button", className: "icon", "data-close": "" }, icon(CLOSE));
  #from = make("input", { type: "datetime-local", step: 1 });
  #to = make("input", { type: "datetime-local", step: 1 });
  /** Whether a person has chosen the end; else it is the moment that is shown. */
  #chosen = false;
  #where = make("select");
  #length = make("select");
  #format = make("select");
  #film = make("button", { type: "button", className: "primary" });
  #compare = make("button", { type: "button", className: "past-second" });
  #progress = make("progress", { max: 1 });
  #cancel = make("button", { type: "button", className: "past-second" });
  #labels = [this.#from, this.#to, this.#where, this.#length, this.#format].map((field) =>
    make("label", { className: "past-label" }, make("span"), field),
  );
  #making = make("div", { className: "past-making", hidden: 1 }, this.#progress, this.#cancel);

  /**
   * @param {Words} words
   * @param {PanelActs} acts
   * @param {HTMLElement} layers
   */
  constructor(words, acts, layers) {
    this.#words = words;
    this.#to.addEventListener("input", () => {
      this.#chosen = this.#to.value !== "";
    });
    this.#film.addEventListener("click", () => acts.film(this.#wanted));
    this.#compare.addEventListener("click", () => acts.compare(this.#wanted));
    this.#cancel.addEventListener("click", acts.cancel);
    this.element = make(
      "section",
      { id: "past-panel", className: "panel card", hidden: 1, "aria-labelledby": "past-title" },
      make("header", {}, this.#title, this.#close),
      layers,
      ...this.#labels,
      make("div", { className: "past-buttons" }, this.#film, this.#compare),
      this.#making,
    );
    this.#film.disabled = true; // until it is known in which formats
    this.translate();
  }

  /** Say everything anew. */
  translate() {
    const t = this.#words.t.bind(this.#words);
    this.#title.textContent = t("more");
    name(this.#close, t("close"));
    const labels = /** @type {Key[]} */ (["film_from", "film_to", "region", "length", "format"]);
    for (const [i, key] of labels.entries()) {
      const [words] = this.#labels[i].children;
      words.textContent = t(key);
    }
    const [where, length] = [this.#where.value, this.#length.value];
    this.#where.replaceChildren(...PLACES.map((each) => option(t(`region_${each}`), each)));
    this.#length.replaceChildren(
      ...LENGTHS.map((count) => option(t("seconds", { count }), String(count))),
    );
    this.#where.value = where || "seen";
    this.#length.value = length || "20";
    this.#film.textContent = t("film");
    this.#compare.textContent = t("compare");
    this.#cancel.textContent = t("cancel");
    name(this.#progress, t("film_making"));
  }

  /**
   * Offer formats of films, the best first.
   * @param {Format[]} formats
   */
  offer(formats) {
    this.#format.replaceChildren(...formats.map((each) => option(FORMAT_NAMES[each], each)));
    this.#film.disabled = false;
  }

  /**
   * Suggest a span, unless a person has chosen one.
   * @param {number} from ms since 1970
   * @param {number} to ms since 1970
   */
  suggest(from, to) {
    this.#from.value ||= localField(from);
    if (!this.#chosen) this.#to.value = localField(to);
  }

  /**
   * Show how far a film is.
   * @param {number | null} share from 0 to 1; null: none is made
   */
  showProgress(share) {
    this.#making.hidden = share === null;
    this.#film.disabled = share !== null;
    this.#progress.value = share ?? 0;
  }

  /** @returns {Wanted} */
  get #wanted() {
    return {
      from: new Date(this.#from.value).getTime(),
      to: new Date(this.#to.value).getTime(),
      seconds: Number(this.#length.value),
      where: /** @type {Where} */ (this.#where.value),
      format: /** @type {Format} */ (this.#format.value),
    };
  }
}

/**
 * @param {string} text
 * @param {string} value
 */
function option(text, value) {
  return make("option", { value, textContent: text });
}

/** The bar: the moment that is shown, the track, and the buttons that move through time. */

import { localField } from "../time/moments.js";
import { SPEEDS } from "../time/speed.js";
import { icon, iconButton, make, name } from "./elements.js";
import { TimeTrack } from "./time_track.js";

/**
 * @import { Key } from "../i18n/languages.js"
 * @import { Words } from "../i18n/words.js"
 *
 * @typedef {object} Acts
 * @property {(ms: number) => void} go to a moment
 * @property {(direction: 1 | -1) => void} play or pause
 * @property {(speed: number) => void} speed
 * @property {(ms: number) => void} span shows so many ms on the track; infinite: all
 * @property {() => void} now
 * @property {() => void} link
 * @property {() => void} more
 *
 * The state that the bar shows.
 * @typedef {object} Shown
 * @property {number} ms of the moment
 * @property {number} seq
 * @property {number} total seq of the newest placement
 * @property {number} direction of play, 0 for none
 * @property {number} speed
 */

/** @type {[Key, number][]} what the track shows, in ms */
const SPANS = [
  ["span_all", Number.POSITIVE_INFINITY],
  ["span_day", 86_400_000],
  ["span_hour", 3_600_000],
  ["span_minutes", 600_000],
];
const ICONS = {
  play: "M8 5.5l11 6.5-11 6.5z",
  back: "M16 5.5L5 12l11 6.5z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  link: [
    "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1",
    "M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  ].join(""),
  more: "M12 3l9 5-9 5-9-5zM3 12.5l9 5 9-5M3 16.5l9 5 9-5",
};

export class TimeBar {
  #words;
  #moment = make("strong", { className: "past-moment" });
  #seq = make("span", { className: "past-seq" });
  #off = make("span", { className: "past-off" });
  #now = make("button", { type: "button", className: "primary" });
  #back;
  #play;
  #speed = make("select", { className: "past-select" });
  #span = make("select", { className: "past-select" });
  #field = make("input", { type: "datetime-local", step: 1, className: "past-field" });
  #link;

  /**
   * @param {Words} words
   * @param {Acts} acts
   */
  constructor(words, acts) {
    this.#words = words;
    this.track = new TimeTrack(acts.go);
    this.#back = iconButton(ICONS.back, () => acts.play(-1));
    this.#play = iconButton(ICONS.play, () => acts.play(1));
    this.#link = iconButton(ICONS.link, acts.link);
    this.more = iconButton(ICONS.more, acts.more);
    this.more.setAttribute("aria-expanded", "false");
    this.#now.addEventListener("click", acts.now);
    this.#speed.addEventListener("change", () => acts.speed(Number(this.#speed.value)));
    this.#span.addEventListener("change", () => acts.span(Number(this.#span.value)));
    this.#field.addEventListener("change", () => {
      const ms = new Date(this.#field.value).getTime();
      if (!Number.isNaN(ms)) acts.go(ms);
    });
    this.element = make(
      "section",
      { className: "past card", id: "past" },
      make("div", { className: "past-head" }, this.#moment, this.#seq, this.#off, this.#now),
      this.track.element,
      make(
        "div",
        { className: "past-tools" },
        // As the track: players run from left to right in every language.
        make("div", { className: "past-group", dir: "ltr" }, this.#back, this.#play, this.#speed),
        make("div", { className: "past-group" }, this.#span, this.#field),
        make("div", { className: "past-group" }, this.#link, this.more),
      ),
    );
    this.translate();
    new ResizeObserver(() => {
      // The panel ends above it.
      document.body.style.setProperty("--past-height", `${this.element.offsetHeight}px`);
    }).observe(this.element);
  }

  /** Say everything anew. */
  translate() {
    const { t } = this.#spoken;
    this.element.setAttribute("aria-label", t("past"));
    this.track.element.setAttribute("aria-label", t("moment"));
    this.track.element.title = `${t("marks")} ${t("keys")}`;
    this.#off.textContent = t("off");
    this.#now.textContent = t("now");
    this.#now.title = t("now_title");
    for (const [element, key] of /** @type {[HTMLElement, Key][]} */ ([
      [this.#speed, "speed"],
      [this.#span, "span"],
      [this.#field, "go_to"],
      [this.#link, "link"],
      [this.more, "more"],
    ])) {
      name(element, t(key));
    }
    const spans = SPANS.map(([key, ms]) => option(t(key), ms));
    this.#span.replaceChildren(...spans);
    this.#speed.replaceChildren(
      ...SPEEDS.map((speed) => option(`${this.#words.number(speed)}×`, speed)),
    );
  }

  /**
   * Show a moment.
   * @param {Shown} shown
   */
  show({ ms, seq, total, direction, speed }) {
    const { t, words } = this.#spoken;
    const moment = words.moment(ms);
    const where = seq
      ? t("seq", { seq: words.number(seq), total: words.number(total) })
      : t("before_first");
    this.#moment.textContent = moment;
    this.#seq.textContent = where;
    this.track.show(ms, `${moment}, ${where}`);
    this.#speed.value = String(speed);
    if (document.activeElement !== this.#field) this.#field.value = localField(ms);
    this.#press(this.#back, direction < 0, "back", ICONS.back);
    this.#press(this.#play, direction > 0, "play", ICONS.play);
  }

  /**
   * @param {HTMLElement} button
   * @param {boolean} playing
   * @param {Key} key
   * @param {string} path of the icon while nothing plays
   */
  #press(button, playing, key, path) {
    const state = `${playing} ${this.#words.code}`;
    if (button.dataset.state === state) return;
    button.dataset.state = state;
    name(button, this.#words.t(playing ? "pause" : key));
    button.replaceChildren(icon(playing ? ICONS.pause : path));
  }

  get #spoken() {
    const words = this.#words;
    return { words, t: words.t.bind(words) };
  }
}

/**
 * @param {string} text
 * @param {number} value
 */
function option(text, value) {
  return make("option", { value: String(value), textContent: text });
}

/** The card of a pixel: the person that drew it, and those before. */

import { make } from "../dom/elements.js";
import { t } from "../i18n/strings.js";
import { byId } from "./dom.js";

/** @import { PixelDetails, Placement, Problem } from "../sync/protocol.js" */

/** @type {[Intl.RelativeTimeFormatUnit, number][]} seconds a unit */
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

export class PixelCard {
  #api;
  #colors;
  #turn = 0;

  /**
   * @param {{pixel: (x: number, y: number, seq?: number) => Promise<PixelDetails>}} api
   * @param {() => {hexes: string[], names: string[]}} colors of the board that is shown
   */
  constructor(api, colors) {
    this.#api = api;
    this.#colors = colors;
  }

  /**
   * Fetch and show a pixel.
   * @param {{x: number, y: number}} cell
   * @param {number} index the colour that the board shows there
   * @param {number} [seq] as it was then; now when left out
   */
  async show({ x, y }, index, seq) {
    const turn = ++this.#turn;
    byId("pixel-title").textContent = t("pixel_title", { x, y });
    this.#showColor(this.#colors().hexes[index]);
    byId("pixel-who").textContent = t("pixel_loading");
    byId("pixel-history").replaceChildren();
    byId("pixel-stays").replaceChildren();
    try {
      const pixel = await this.#api.pixel(x, y, seq);
      if (turn === this.#turn) this.#fill(pixel);
    } catch (error) {
      const { detail } = /** @type {Problem} */ (error);
      if (turn === this.#turn) byId("pixel-who").textContent = detail ?? t("pixel_failed");
    }
  }

  /** @param {PixelDetails} pixel */
  #fill(pixel) {
    this.#showColor(pixel.color);
    const { username, timestamp, history = [], now } = pixel;
    const who = byId("pixel-who");
    if (timestamp) who.replaceChildren(personNamed(username), ago(timestamp, now));
    else who.textContent = t("pixel_untouched");
    const earlier = history.filter(({ seq }) => seq !== pixel.seq);
    byId("pixel-history").replaceChildren(...earlier.map((entry) => this.#row(entry, now)));
    byId("pixel-history-title").hidden = earlier.length === 0;
    if (earlier.length) byId("pixel-stays").replaceChildren(...stays(history, now));
  }

  /**
   * @param {Placement} placement
   * @param {number} now ms since 1970
   */
  #row({ color, username, timestamp }, now) {
    const swatch = make("span", { className: "chip", title: this.#name(color) });
    swatch.style.backgroundColor = color;
    const row = make("li", { className: "person" }, swatch, personNamed(username));
    if (timestamp) row.append(ago(timestamp, now));
    return row;
  }

  /** @param {string} hex `#RRGGBB` */
  #showColor(hex) {
    byId("pixel-color").style.backgroundColor = hex;
    byId("pixel-color-name").replaceChildren(`${this.#name(hex)} · `, make("bdi", { text: hex }));
    byId("pixel-history-title").hidden = true;
  }

  /** @param {string} hex `#RRGGBB` */
  #name(hex) {
    const { hexes, names } = this.#colors();
    return names[hexes.indexOf(hex)] ?? "";
  }
}

/**
 * Make a bar of the colours that a cell had, the oldest first. One that stayed four times as long
 * is twice as wide, so that short ones are seen.
 * @param {Placement[]} history the newest first
 * @param {number} now ms since 1970
 */
function stays(history, now) {
  return history.toReversed().map(({ color, timestamp }, i, all) => {
    const stay = make("i");
    const until = all[i + 1]?.timestamp ?? now;
    stay.style.backgroundColor = color;
    stay.style.flexGrow = String(1 + Math.sqrt(Math.max(0, until - (timestamp ?? until)) / 1000));
    return stay;
  });
}

/** @param {string | null} name */
function personNamed(name) {
  return make("bdi", { text: name ?? "" });
}

/**
 * Make the time since then, in words: by the server's clock, for that of this device may be wrong.
 * @param {number} timestamp ms since 1970
 * @param {number} now ms since 1970
 */
function ago(timestamp, now) {
  const language = document.documentElement.lang;
  const seconds = Math.max(0, Math.round((now - timestamp) / 1000));
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? UNITS[UNITS.length - 1];
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return make("time", {
    dateTime: new Date(timestamp).toISOString(),
    title: new Date(timestamp).toLocaleString(language),
    text: words.format(-Math.floor(seconds / size), unit),
  });
}

/** The card that says who drew a pixel, and who before. */

import { byId, make } from "./dom.js";
import { t } from "../i18n/strings.js";

const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

export class PixelCard {
  #api;
  #colors;
  #turn = 0;

  /**
   * @param {{pixel: (x: number, y: number) => Promise<object>}} api
   * @param {{hexes: string[], names: string[]}} colors
   */
  constructor(api, colors) {
    this.#api = api;
    this.#colors = colors;
  }

  /** @param {{x: number, y: number}} cell @param {number} index what the board shows there */
  async show({ x, y }, index) {
    const turn = ++this.#turn;
    byId("pixel-title").textContent = t("pixel_title", { x, y });
    this.#showColor(this.#colors.hexes[index]);
    byId("pixel-who").textContent = t("pixel_loading");
    byId("pixel-history").replaceChildren();
    try {
      const pixel = await this.#api.pixel(x, y);
      if (turn === this.#turn) this.#fill(pixel);
    } catch (error) {
      if (turn === this.#turn) byId("pixel-who").textContent = error.detail ?? t("pixel_failed");
    }
  }

  #fill(pixel) {
    this.#showColor(pixel.color);
    const { username, timestamp, history = [] } = pixel;
    const who = byId("pixel-who");
    if (!timestamp) who.textContent = t("pixel_untouched");
    else who.replaceChildren(make("bdi", { text: username }), ago(timestamp));
    const earlier = history.filter(({ seq }) => seq !== pixel.seq);
    byId("pixel-history").replaceChildren(...earlier.map((entry) => this.#row(entry)));
    byId("pixel-history-title").hidden = earlier.length === 0;
  }

  #row({ color, username, timestamp }) {
    const swatch = make("span", { className: "chip", title: this.#name(color) });
    swatch.style.backgroundColor = color;
    return make("li", { className: "person" }, swatch, make("bdi", { text: username }), ago(timestamp));
  }

  #showColor(hex) {
    byId("pixel-color").style.backgroundColor = hex;
    byId("pixel-color-name").textContent = `${this.#name(hex)} · ${hex}`;
    byId("pixel-history-title").hidden = true;
  }

  #name(hex) {
    const { hexes, names } = this.#colors;
    return names[hexes.indexOf(hex)] ?? "";
  }
}

function ago(timestamp) {
  const seconds = Math.max(0, Math.round((Date.now() - timestamp) / 1000));
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? UNITS.at(-1);
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  return make("time", {
    dateTime: new Date(timestamp).toISOString(),
    title: new Date(timestamp).toLocaleString(document.documentElement.lang),
    text: words.format(-Math.floor(seconds / size), unit),
  });
}

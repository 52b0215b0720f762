/** The narrator: it tells screen readers what a key or button has changed. */

import { t } from "../i18n/strings.js";
import { AIDS } from "../state/tool.js";
import { roundedZoom } from "./hud.js";
import { announce } from "./toasts.js";

/**
 * @import { Held, Tool } from "../state/tool.js"
 * @import { Viewport } from "../lib/viewport.js"
 *
 * @typedef {Pick<Held, "color" | "cursor" | "grid" | "minimap" | "symbols">} Aids
 * @typedef {Aids & {scale: number}} Seen
 */

export class Narrator {
  #tool;
  #viewport;
  #colors;

  /** @param {{tool: Tool, viewport: Viewport, colors: {names: string[]}}} parts */
  constructor({ tool, viewport, colors }) {
    this.#tool = tool;
    this.#viewport = viewport;
    this.#colors = colors;
  }

  /**
   * Do something, and tell what it has changed.
   * @param {() => void} act
   */
  around(act) {
    const before = this.#state();
    act();
    const words = this.#changes(before);
    if (words.length) announce(words.join(". "));
  }

  /** @returns {Seen} */
  #state() {
    const { color, cursor, grid, minimap, symbols } = this.#tool;
    return { color, cursor, grid, minimap, symbols, scale: this.#viewport.scale };
  }

  /** @param {Seen} before */
  #changes(before) {
    const now = this.#state();
    const words = [];
    if (now.color !== before.color) words.push(this.#colorWords(now.color));
    for (const aid of AIDS) {
      if (now[aid] !== before[aid]) words.push(t(`${aid}_${now[aid] ? "on" : "off"}`));
    }
    if (before.cursor && !now.cursor) words.push(t("cell_let_go"));
    // A cursor that is brought into sight is told by itself.
    if (now.scale !== before.scale && now.cursor === before.cursor) words.push(this.#zoomWords());
    return words;
  }

  /** @param {number | null} color */
  #colorWords(color) {
    return color === null ? t("no_color_now") : this.#colors.names[color];
  }

  #zoomWords() {
    const { scale, fitting } = this.#viewport;
    if (scale === fitting) return t("whole_canvas");
    return t("zoom_now", { zoom: roundedZoom(scale) });
  }
}

/** The bar one draws with: colours, the chosen cell, and when the next pixel may be drawn. */

import { byId, make } from "./dom.js";
import { signOf, wantsDarkInk } from "../state/palette.js";
import { t } from "../i18n/strings.js";

const TICK_MS = 200;

export class Dock {
  #session;
  #tool;
  #actions;
  #names = [];
  #timer = null;
  #guestsAllowed;

  /** @param {{session: object, tool: object, actions: object, guestsAllowed: boolean}} parts */
  constructor({ session, tool, actions, guestsAllowed }) {
    this.#session = session;
    this.#tool = tool;
    this.#actions = actions;
    this.#guestsAllowed = guestsAllowed;
    byId("no-color").addEventListener("click", () => tool.set({ color: null }));
    byId("confirm-place").addEventListener("click", () => actions.placeHere());
    byId("confirm-look").addEventListener("click", () => actions.inspectHere());
    byId("confirm-cancel").addEventListener("click", () => tool.set({ cursor: null }));
    byId("palette").addEventListener("keydown", (event) => this.#walk(event));
  }

  /** @param {string[]} palette @param {string[]} names of all @param {number[]} offered indices */
  setPalette(palette, names, offered) {
    this.#names = names;
    byId("colors").replaceChildren(...offered.map((index) => this.#swatch(palette[index], index)));
    this.showColor();
  }

  showColor() {
    const { color } = this.#tool;
    for (const option of this.#options()) {
      const chosen = colorOf(option) === color;
      option.setAttribute("aria-checked", String(chosen));
      option.tabIndex = chosen ? 0 : -1;
      if (chosen) option.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    byId("color-name").textContent = color === null ? t("choose_color") : this.#names[color];
    this.showCursor();
  }

  /** @param {boolean} on */
  showSigns(on) {
    byId("colors").classList.toggle("signs", on);
  }

  showCursor() {
    const { cursor, color } = this.#tool;
    byId("confirm").hidden = !cursor;
    byId("dock-head").hidden = Boolean(cursor);
    if (!cursor) return;
    byId("confirm-what").textContent = color === null ? t("choose_color") : this.#names[color];
    byId("confirm-where").textContent = t("cell_at", cursor);
    this.showTurn();
  }

  /** Whether one may draw now, and if not, how long not. */
  showTurn() {
    clearTimeout(this.#timer);
    const { cooldown } = this.#session;
    const { remaining, total } = cooldown;
    const { text, kind } = this.#turn(Math.ceil(remaining / 1000));
    byId("turn").textContent = text;
    byId("dock").dataset.turn = kind;
    byId("confirm-place").disabled = kind !== "ready" || this.#tool.color === null;
    byId("confirm-wait").textContent = kind === "ready" && this.#session.charges.most === 1 ? "" : text;
    byId("cooldown-bar").style.transform = `scaleX(${total ? remaining / total : 0})`;
    if (remaining > 0) this.#timer = setTimeout(() => this.showTurn(), TICK_MS);
  }

  #turn(seconds) {
    const { canvas, me, charges } = this.#session;
    if (me.guest && !this.#guestsAllowed) return { kind: "closed", text: t("sign_in_to_draw") };
    if (canvas.frozen) return { kind: "closed", text: t("frozen") };
    if (seconds > 0) return { kind: "waiting", text: t("wait", { seconds }) };
    if (this.#session.waiting) return { kind: "sending", text: t("sending") };
    const { left, most } = charges;
    return { kind: "ready", text: most > 1 ? t("ready_saved", { left, most }) : t("ready") };
  }

  #options() {
    return [byId("no-color"), ...byId("colors").children];
  }

  #swatch(hex, index) {
    const name = this.#names[index];
    const key = index < 10 ? String((index + 1) % 10) : "";
    const swatch = make("button", {
      type: "button", className: wantsDarkInk(hex) ? "swatch pale" : "swatch", role: "radio",
      title: key ? t("color_title", { name, key }) : name, "aria-label": name, tabIndex: -1,
    }, make("span", { className: "paint", text: signOf(index) }));
    swatch.style.setProperty("--paint", hex);
    swatch.dataset.index = String(index);
    swatch.addEventListener("click", (event) => {
      this.#tool.set({ color: index });
      // After a click with the mouse the keys belong to the board again.
      if (event.detail > 0) byId("stage").focus({ preventScroll: true });
    });
    return swatch;
  }

  /** Arrow keys walk a radio group: the colours fill column after column. */
  #walk(event) {
    const rows = getComputedStyle(byId("colors")).gridTemplateRows.split(" ").length;
    const step = { ArrowLeft: -rows, ArrowRight: rows, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const options = this.#options();
    const at = options.indexOf(document.activeElement);
    // "No colour" stands beside all rows: from there every way leads to the first one.
    const to = at === 0 ? Math.sign(step) : at + step;
    const next = Math.min(Math.max(to, 0), options.length - 1);
    this.#tool.set({ color: colorOf(options[next]) });
    options[next].focus();
  }
}

/** @returns {number | null} the palette index that an option stands for */
function colorOf({ dataset }) {
  return dataset.index === undefined ? null : Number(dataset.index);
}

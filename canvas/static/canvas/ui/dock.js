/** The dock: the colours, the chosen cell, and the time until the next pixel. */

import { make } from "../dom/elements.js";
import { t } from "../i18n/strings.js";
import { signOf, wantsDarkInk } from "../state/palette.js";
import { byId } from "./dom.js";

/**
 * @import { Actions } from "../state/actions.js"
 * @import { Session } from "../state/session.js"
 * @import { Tool } from "../state/tool.js"
 */

const TICK_MS = 200;
// Colours side by side that fit a window of 800 px: large ones, and small ones for a mouse.
const COLUMNS = 16;
const SMALL_COLUMNS = 27;
const MOST_ROWS = 4;
// From so many colours on a narrow window shows more than two rows of them.
const CROWDED = 40;

/** @type {Partial<Record<string, (rows: number) => number>>} */
const STEPS = {
  ArrowLeft: (rows) => -rows,
  ArrowRight: (rows) => rows,
  ArrowUp: () => -1,
  ArrowDown: () => 1,
};

export class Dock {
  #session;
  #tool;
  #guestsAllowed;
  /** @type {string[]} */
  #names = [];
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} parts
   * @param {Session} parts.session
   * @param {Tool} parts.tool
   * @param {Actions} parts.actions
   * @param {boolean} parts.guestsAllowed whether guests may draw
   */
  constructor({ session, tool, actions, guestsAllowed }) {
    this.#session = session;
    this.#tool = tool;
    this.#guestsAllowed = guestsAllowed;
    byId("no-color").addEventListener("click", () => tool.set({ color: null }));
    byId("confirm-place").addEventListener("click", () => actions.placeHere());
    byId("confirm-look").addEventListener("click", () => actions.inspectHere());
    byId("confirm-cancel").addEventListener("click", () => tool.set({ cursor: null }));
    byId("palette").addEventListener("keydown", (event) => this.#walk(event));
    byId("palette").addEventListener("wheel", scrollSideways, { passive: false });
  }

  /**
   * Offer these colours.
   * @param {string[]} palette `#RRGGBB`
   * @param {string[]} names of all
   * @param {number[]} offered palette indices
   */
  setPalette(palette, names, offered) {
    this.#names = names;
    byId("colors").replaceChildren(...offered.map((index) => this.#swatch(palette[index], index)));
    layOut(offered.length);
    this.showColor();
  }

  /** Show the chosen colour. */
  showColor() {
    const { color } = this.#tool;
    for (const option of options()) {
      const chosen = colorOf(option) === color;
      option.setAttribute("aria-checked", String(chosen));
      option.tabIndex = chosen ? 0 : -1;
      if (chosen) option.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    byId("color-name").textContent = this.#colorWords();
    this.showCursor();
    this.showTurn();
  }

  /** @param {boolean} on */
  showSigns(on) {
    byId("colors").classList.toggle("signs", on);
  }

  /** Show the cell that waits for a confirmation. */
  showCursor() {
    const { cursor } = this.#tool;
    byId("confirm").hidden = !cursor;
    byId("dock-head").hidden = Boolean(cursor);
    if (!cursor) return;
    byId("confirm-what").textContent = this.#colorWords();
    byId("confirm-where").textContent = t("cell_at", cursor);
    this.showTurn();
  }

  /** Show whether a pixel may be drawn now, and if not, the seconds until then. */
  showTurn() {
    window.clearTimeout(this.#timer);
    const { cooldown, charges } = this.#session;
    const { remaining, total } = cooldown;
    const { text, kind } = this.#turn(Math.ceil(remaining / 1000));
    const ready = kind === "ready";
    byId("turn").textContent = text;
    byId("dock").dataset.turn = kind;
    byId("staged-wait").textContent = text;
    const same = ready && this.#changesNothing;
    // Not `disabled`: a tap on it says why.
    byId("confirm-place").setAttribute("aria-disabled", String(!ready || same));
    const quiet = ready && charges.most === 1 ? "" : text;
    byId("confirm-wait").textContent = same ? t("no_change_here") : quiet;
    byId("cooldown-bar").style.transform = `scaleX(${total ? remaining / total : 0})`;
    if (remaining > 0) this.#timer = window.setTimeout(() => this.showTurn(), TICK_MS);
  }

  /** True when the chosen cell has the chosen colour already. */
  get #changesNothing() {
    const { cursor, color } = this.#tool;
    return cursor !== null && color !== null && this.#session.shows(cursor.x, cursor.y, color);
  }

  #colorWords() {
    const { color } = this.#tool;
    return color === null ? t("choose_color") : this.#names[color];
  }

  /** @param {number} seconds of the cooldown */
  #turn(seconds) {
    const { canvas, me, charges } = this.#session;
    if (me.guest && !this.#guestsAllowed) return { kind: "closed", text: t("sign_in_to_draw") };
    if (!this.#session.connected) return { kind: "closed", text: t("no_connection") };
    if (canvas.frozen) return { kind: "closed", text: t("frozen") };
    if (seconds > 0) return { kind: "waiting", text: t("wait", { seconds }) };
    if (this.#session.waiting) return { kind: "sending", text: t("sending") };
    const { left, most } = charges;
    const saved = most > 1 ? t("ready_saved", { left, most }) : "";
    if (this.#tool.color === null) return { kind: "colorless", text: saved };
    return { kind: "ready", text: saved || t("ready") };
  }

  /**
   * Make the button of a colour.
   * @param {string} hex `#RRGGBB`
   * @param {number} index in the palette
   */
  #swatch(hex, index) {
    const name = this.#names[index];
    const key = index < 10 ? String((index + 1) % 10) : "";
    const properties = {
      type: "button",
      className: wantsDarkInk(hex) ? "swatch pale" : "swatch",
      role: "radio",
      title: key ? t("color_title", { name, key }) : name,
      "aria-label": name,
      tabIndex: -1,
    };
    const paint = make("span", { className: "paint", text: signOf(index) });
    const swatch = make("button", properties, paint);
    swatch.style.setProperty("--paint", hex);
    swatch.dataset.index = String(index);
    swatch.addEventListener("click", () => this.#tool.set({ color: index }));
    return swatch;
  }

  /**
   * Walk the radio group with the arrow keys: the colours fill column after column.
   * @param {KeyboardEvent} event
   */
  #walk(event) {
    const rows = getComputedStyle(byId("colors")).gridTemplateRows.split(" ").length;
    const step = STEPS[event.key]?.(rows);
    if (!step) return;
    event.preventDefault();
    const all = options();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    // "No colour" stands beside all rows: from there every way leads to the first one.
    const to = at === 0 ? Math.sign(step) : at + step;
    const next = all[Math.min(Math.max(to, 0), all.length - 1)];
    this.#tool.set({ color: colorOf(next) });
    next.focus();
  }
}

/**
 * Choose the rows of the palette: of those that the style can give it, so many that all colours are
 * in sight where there is room.
 * @param {number} count of colours
 */
function layOut(count) {
  byId("palette").classList.toggle("many", count > MOST_ROWS * COLUMNS);
  const rows = Math.min(MOST_ROWS, Math.max(2, Math.ceil(count / COLUMNS)));
  const { style } = byId("colors");
  style.setProperty("--rows-wide", String(rows));
  style.setProperty("--rows-narrow", String(count > CROWDED ? rows : 2));
  style.setProperty("--rows-many", String(Math.ceil(count / SMALL_COLUMNS)));
}

/**
 * Scroll the palette with a wheel that only turns up and down.
 * @param {WheelEvent} event
 */
function scrollSideways(event) {
  const palette = byId("palette");
  if (event.deltaX || event.ctrlKey || palette.scrollWidth <= palette.clientWidth) return;
  event.preventDefault();
  palette.scrollLeft += event.deltaY;
}

/**
 * Return the buttons of all colours, that of none first.
 * @returns {HTMLElement[]}
 */
function options() {
  const colors = /** @type {Iterable<HTMLElement>} */ (byId("colors").children);
  return [byId("no-color"), ...colors];
}

/**
 * Return the palette index that a button stands for.
 * @param {HTMLElement} button
 * @returns {number | null}
 */
function colorOf({ dataset }) {
  return dataset.index === undefined ? null : Number(dataset.index);
}

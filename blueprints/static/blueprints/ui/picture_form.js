/** The form in which a picture becomes a blueprint: its size, its colours, and how it looks. */

import { w } from "../i18n/words.js";
import { MOST_SIDE, NONE, usedIn } from "../model/image.js";
import { button, choice, make, numberField, toggle, worded } from "./elements.js";
import { Preview } from "./preview.js";

/**
 * @import { Choice, Converted } from "../convert/conversion.js"
 * @import { Converter } from "../convert/converter.js"
 * @import { Ink } from "../convert/matching.js"
 * @import { Opened } from "../convert/worker.js"
 * @import { Item } from "../files/importing.js"
 *
 * @typedef {object} FormActs
 * @property {() => {inks: Ink[], hexes: string[]}} palette
 * @property {(converted: Converted, item: Item) => void} made
 * @property {() => void} left the form was closed
 * @property {(error: unknown) => void} failed
 */

const BOUNDS = { min: 1, max: MOST_SIDE };
const LONGEST_TITLE = 32;

export class PictureForm {
  element = make("form", { className: "bp-form", hidden: true, noValidate: true });
  #converter;
  #acts;
  #preview = new Preview();
  #facts = make("p", { className: "quiet", "aria-live": "polite" });
  #problem = make("p", { className: "error", role: "alert" });
  #title = make("input", { type: "text", maxLength: LONGEST_TITLE, autocomplete: "off" });
  #width;
  #height;
  #match;
  #resize;
  #background;
  /** @type {Item | null} */
  #item = null;
  /** @type {Opened} */
  #picture = { width: 1, height: 1, frames: 1, enlarged: 1 };
  /** @type {Choice} */
  #choice = { match: "exact", resize: "area", width: 1, height: 1, background: false };
  /** @type {Converted | null} */
  #converted = null;
  #turn = 0;

  /**
   * @param {Converter} converter
   * @param {FormActs} acts
   */
  constructor(converter, acts) {
    this.#converter = converter;
    this.#acts = acts;
    this.#width = numberField("width", BOUNDS, (width) => this.#size({ width }));
    this.#height = numberField("height", BOUNDS, (height) => this.#size({ height }));
    this.#match = choice("match", MATCHES, (match) => {
      this.#change({ match: /** @type {Choice["match"]} */ (match) });
    });
    this.#resize = choice("resize", RESIZES, (resize) => {
      this.#change({ resize: /** @type {Choice["resize"]} */ (resize) });
    });
    this.#background = toggle("clear_background", (background) => this.#change({ background }));
    this.#fill();
  }

  /**
   * Open a picture; reject with a Refusal.
   * @param {Item} item
   */
  async open(item) {
    const picture = await this.#converter.open(item.parts);
    this.#item = item;
    this.#picture = picture;
    this.#title.value = item.title;
    const k = picture.enlarged;
    const width = Math.min(MOST_SIDE, item.width ?? picture.width / k);
    const height = Math.max(1, Math.round((picture.height * width) / picture.width));
    const plain = width * k === picture.width;
    this.#choice = {
      match: "exact",
      resize: plain ? "nearest" : "area",
      width,
      height,
      background: false,
    };
    this.element.hidden = false;
    const exact = await this.#convert();
    if (exact?.unknown) await this.#change({ match: "nearest" });
    this.#title.focus();
  }

  close() {
    this.#converter.close();
    this.#item = null;
    this.#converted = null;
    this.element.hidden = true;
  }

  /** Say everything anew. */
  translate() {
    this.#show();
  }

  #fill() {
    const title = make("label", { className: "bp-field" }, worded("span", "name"), this.#title);
    const sizes = make("div", { className: "bp-place" }, this.#width.element, this.#height.element);
    const cancel = button("close", "cancel", () => {
      this.close();
      this.#acts.left();
    });
    const place = worded("button", "place_it", { type: "submit", className: "primary" });
    const buttons = make("div", { className: "bp-buttons bp-ends" }, cancel, place);
    this.element.append(
      ...[this.#preview.element, this.#facts, this.#problem, title, this.#match.element, sizes],
      ...[this.#resize.element, this.#background.element, buttons],
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#converted || !this.#item) return;
      const item = { ...this.#item, title: this.#title.value };
      const converted = this.#converted;
      this.close();
      this.#acts.made(converted, item);
    });
  }

  /**
   * Change one side, and the other with it.
   * @param {{width?: number, height?: number}} side
   */
  #size({ width, height }) {
    const picture = this.#picture;
    const across = width ?? Math.round(((height ?? 1) * picture.width) / picture.height);
    const down = height ?? Math.round((across * picture.height) / picture.width);
    const within = (/** @type {number} */ side) => Math.min(MOST_SIDE, Math.max(1, side));
    this.#change({ width: within(across), height: within(down) });
  }

  /** @param {Partial<Choice>} change */
  async #change(change) {
    Object.assign(this.#choice, change);
    await this.#convert();
  }

  /** Convert by the choice that holds now; an answer to an older one is passed over. */
  async #convert() {
    const turn = ++this.#turn;
    const { inks, hexes } = this.#acts.palette();
    try {
      const converted = await this.#converter.convert(inks, { ...this.#choice });
      if (turn !== this.#turn || this.element.hidden) return null;
      this.#converted = converted;
      this.#preview.show(converted, hexes);
      this.#show();
      return converted;
    } catch (error) {
      this.close();
      this.#acts.failed(error);
      return null;
    }
  }

  #show() {
    const { width, height, match, resize, background } = this.#choice;
    this.#width.input.value = String(width);
    this.#height.input.value = String(height);
    this.#match.select.value = match;
    this.#resize.select.value = resize;
    this.#background.input.checked = background;
    const { frames, enlarged } = this.#picture;
    const colors = colorsIn(this.#converted);
    const facts = [w("form_size", { width, height, count: colors })];
    if (enlarged > 1) facts.push(w("form_enlarged", { times: enlarged }));
    if (frames > 1) facts.push(w("form_frames", { frames }));
    this.#facts.textContent = facts.join(" ");
    const { unknown = 0, first = "" } = this.#converted ?? {};
    this.#problem.textContent = unknown
      ? w("form_unknown", { count: unknown, color: first ?? "" })
      : "";
  }
}

/** @param {Converted | null} converted */
function colorsIn(converted) {
  const used = usedIn(converted?.cells ?? new Uint8Array(0));
  return used.subarray(0, NONE).filter(Boolean).length;
}

const MATCHES = /** @type {const} */ ([
  ["exact", "match_exact"],
  ["nearest", "match_nearest"],
  ["dithered", "match_dithered"],
]);

const RESIZES = /** @type {const} */ ([
  ["nearest", "resize_nearest"],
  ["area", "resize_area"],
]);

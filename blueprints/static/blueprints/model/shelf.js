/** The shelf: the blueprints of a person on this canvas, what they want, and how far they are. */

import { Emitter } from "../../canvas/lib/emitter.js";
import { Count } from "./count.js";
import { inked, wantsOf } from "./image.js";
import { sampled } from "./pace.js";
import { Plan } from "./plan.js";

/**
 * @import { Cells } from "./count.js"
 * @import { Image } from "./image.js"
 * @import { Sample } from "./pace.js"
 * @import { Saved } from "../shared/saved.js"
 *
 * @typedef {object} Blueprint
 * @property {string} id
 * @property {string} title
 * @property {number} x of its upper left cell; it may lie off the board
 * @property {number} y
 * @property {boolean} on
 * @property {Image} image
 * @property {Sample[]} samples
 * @property {Saved | null} saved what the site knows of it; null: it never leaves this browser
 *
 * With what it wants, its count, and its cells that are not left alone.
 * @typedef {Blueprint & {wants: Uint8Array, count: Count, inked: number}} Shelved
 *
 * @typedef {object} ShelfEvents
 * @property {[]} list others, or in another order, place or state
 * @property {[]} slid one is on its way to another place
 * @property {[]} counts cells became right, or wrong
 * @property {[id: string, kept: Blueprint | null]} keep one is to be stored, or forgotten
 */

/** On one canvas. */
export const MOST_BLUEPRINTS = 50;

/** @extends {Emitter<ShelfEvents>} */
export class Shelf extends Emitter {
  /** From above to below. @type {Shelved[]} */
  all = [];
  plan;
  #board;
  /** @type {string[]} */
  #palette = [];

  /** @param {Cells} board */
  constructor(board) {
    super();
    this.#board = board;
    this.plan = new Plan(board);
  }

  /** @param {string} id */
  find(id) {
    return this.all.find((each) => each.id === id);
  }

  /**
   * Take in what was stored.
   * @param {Blueprint[]} blueprints from above to below
   */
  restock(blueprints) {
    this.all = blueprints.slice(0, MOST_BLUEPRINTS).map((each) => this.#shelved(each));
    this.#lay();
  }

  /**
   * Put a blueprint on top.
   * @param {Blueprint} blueprint
   * @returns {boolean} false where there is no room
   */
  add(blueprint) {
    if (this.all.length >= MOST_BLUEPRINTS) return false;
    this.all.unshift(this.#shelved(blueprint));
    this.#keep(blueprint.id);
    this.#lay();
    return true;
  }

  /** @param {string} id */
  remove(id) {
    this.all = this.all.filter((each) => each.id !== id);
    this.emit("keep", id, null);
    this.#lay();
  }

  /**
   * Change one.
   * @param {string} id
   * @param {Partial<Omit<Blueprint, "id">>} changes
   */
  change(id, changes) {
    this.all = this.all.map((each) =>
      each.id === id ? this.#shelved({ ...each, ...changes }) : each,
    );
    this.#keep(id);
    this.#lay();
  }

  /**
   * Show one elsewhere while a hand moves it; `change` keeps the place and counts anew.
   * @param {string} id
   * @param {{x: number, y: number}} place
   */
  slide(id, { x, y }) {
    const blueprint = this.find(id);
    if (!blueprint) return;
    Object.assign(blueprint, { x, y });
    this.plan.lay(this.all.filter(({ on }) => on).reverse());
    this.emit("slid");
  }

  /**
   * Change the order.
   * @param {string} id
   * @param {number} by -1 lays it one higher
   */
  reorder(id, by) {
    const from = this.all.findIndex((each) => each.id === id);
    const to = Math.min(Math.max(from + by, 0), this.all.length - 1);
    if (from < 0 || to === from) return;
    this.all.splice(to, 0, ...this.all.splice(from, 1));
    this.#lay();
  }

  /**
   * Follow the palette of the canvas.
   * @param {string[]} palette `#RRGGBB`
   */
  setPalette(palette) {
    if (String(palette) === String(this.#palette)) return;
    this.#palette = palette;
    this.all = this.all.map((each) => this.#shelved(each));
    this.#lay();
  }

  /** Count anew: the board is another, or has another size. */
  recount() {
    for (const each of this.all) each.count.recount(this.#board);
    this.#lay();
  }

  /**
   * Follow a cell that was drawn.
   * @param {number} x
   * @param {number} y
   * @param {number} now palette index
   * @param {number} before palette index
   */
  follow(x, y, now, before) {
    for (const { on, count } of this.all) if (on) count.change(x, y, now, before);
    this.plan.change(x, y, now, before);
  }

  /**
   * Take a sample of each one's progress.
   * @param {number} at ms since 1970
   */
  sample(at) {
    for (const each of this.all) {
      const samples = sampled(each.samples, { at, right: each.count.all.right });
      if (samples.length === each.samples.length && samples.at(-1) === each.samples.at(-1))
        continue;
      each.samples = samples;
      this.#keep(each.id);
    }
  }

  /** @param {Blueprint} blueprint */
  #shelved(blueprint) {
    const wants = wantsOf(blueprint.image, this.#palette);
    const count = new Count(blueprint.image, blueprint, wants);
    count.recount(this.#board);
    return { ...blueprint, wants, count, inked: inked(blueprint.image) };
  }

  #lay() {
    this.plan.lay(this.all.filter(({ on }) => on).reverse());
    this.emit("list");
    this.emit("counts");
  }

  /** @param {string} id */
  #keep(id) {
    const at = this.all.findIndex((each) => each.id === id);
    if (at < 0) return;
    const { wants: _, count: __, inked: ___, ...kept } = this.all[at];
    this.emit("keep", id, kept);
  }
}

/** The desk: takes what a person does with blueprints to shelf, board and files. */

import { fileNameOf } from "./files/file_name.js";
import { textsOf } from "./files/png_place.js";
import { writePng } from "./files/png_writer.js";
import { writePxls } from "./files/pxls.js";
import { w } from "./i18n/words.js";
import { imageOf } from "./model/image.js";
import { MOST_BLUEPRINTS } from "./model/shelf.js";
import { download } from "./ui/elements.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Converted } from "./convert/conversion.js"
 * @import { Blueprint, Shelf } from "./model/shelf.js"
 * @import { Sight } from "./sight.js"
 * @import { Region } from "../canvas/lib/framing.js"
 *
 * @typedef {{title: string, x: number | null, y: number | null}} Wish where it is to lie
 */

const LARGEST = 24; // CSS pixels a cell of a blueprint that is shown as a whole

export class Desk {
  #host;
  #shelf;
  #sight;

  /**
   * @param {Host} host
   * @param {{shelf: Shelf, sight: Sight}} parts
   */
  constructor(host, { shelf, sight }) {
    this.#host = host;
    this.#shelf = shelf;
    this.#sight = sight;
  }

  /**
   * Lay a converted picture on the board: where the wish says, else in the middle of what is seen.
   * @param {Converted} converted
   * @param {Wish} wish
   * @returns {string | null} its id; null where it could not be laid, which was told
   */
  lay({ width, height, cells }, { title, x, y }) {
    const image = imageOf(width, height, cells, this.#host.colors.hexes);
    if (!image.colors.length) return this.#refuse(w("empty_picture"));
    const { centre } = this.#host.viewport;
    const middle = { x: centre.x - (width >> 1), y: centre.y - (height >> 1) };
    let place = x === null || y === null ? middle : { x, y };
    if (!this.#touches({ ...place, width, height })) {
      this.#host.toast(w("off_board", place), "problem");
      place = middle;
    }
    return this.add({ title, ...place, image, on: true, samples: [], saved: null });
  }

  /**
   * Make a blueprint of a part of the board that is shown, now or in the past.
   * @param {Region} region
   * @returns {string | null} its id
   */
  takeRegion(region) {
    const { shown } = this.#host;
    const [x, y] = [Math.max(0, region.x), Math.max(0, region.y)];
    const width = Math.min(region.width, shown.width - x);
    const height = Math.min(region.height, shown.height - y);
    if (width <= 0 || height <= 0) return this.#refuse(w("off_board", { x, y }));
    const cells = new Uint8Array(width * height);
    for (let row = 0; row < height; row++) {
      const from = (y + row) * shown.width + x;
      cells.set(shown.cells.subarray(from, from + width), row * width);
    }
    const image = imageOf(width, height, cells, shown.colors.hexes);
    const title = w("region_title", { place: `${x}, ${y}` });
    return this.add({ title, x, y, image, on: true, samples: [], saved: null });
  }

  /**
   * @param {Omit<Blueprint, "id">} blueprint
   * @returns {string | null} its id
   */
  add(blueprint) {
    const id = newId();
    if (this.#shelf.add({ ...blueprint, id })) return id;
    return this.#refuse(w("too_many", { most: MOST_BLUEPRINTS }));
  }

  /**
   * Move one, if it stays on the board at least in part.
   * @param {string} id
   * @param {{x?: number, y?: number}} to
   */
  place(id, to) {
    const blueprint = this.#shelf.find(id);
    if (!blueprint) return;
    const place = { x: blueprint.x, y: blueprint.y, ...to };
    const { width, height } = blueprint.image;
    if (this.#touches({ ...place, width, height })) return this.#shelf.change(id, place);
    this.#refuse(w("off_board", place));
    this.#shelf.emit("list");
  }

  /**
   * Show one as a whole, where nothing covers it.
   * @param {string} id
   */
  show(id) {
    const blueprint = this.#shelf.find(id);
    if (blueprint) this.#sight.show(regionOf(blueprint), LARGEST);
  }

  /**
   * Move the view where something covers one.
   * @param {string} id
   */
  uncover(id) {
    const blueprint = this.#shelf.find(id);
    if (blueprint) this.#sight.uncover(regionOf(blueprint));
  }

  /**
   * Save one as PNG with its place.
   * @param {string} id
   */
  async savePicture(id) {
    const blueprint = this.#shelf.find(id);
    if (!blueprint) return;
    download(await writePng(blueprint.image, textsOf(blueprint)), fileNameOf(blueprint));
  }

  /**
   * Copy a link in the manner of Pxls. Its picture is named only: it does not leave the browser.
   * @param {string} id
   */
  async copyPxls(id) {
    const blueprint = this.#shelf.find(id);
    if (!blueprint) return;
    const page = `${window.location.origin}${window.location.pathname}`;
    const { title, x, y, image, saved } = blueprint;
    const source = saved ? `${window.location.origin}/t/${saved.id}.png` : fileNameOf(blueprint);
    try {
      const link = writePxls(page, { title, x, y, width: image.width, source });
      await navigator.clipboard.writeText(link);
      this.#host.toast(w(saved ? "link_copied" : "pxls_copied"));
    } catch {
      this.#host.toast(w("link_failed"), "problem");
    }
  }

  /** @param {Region} region */
  #touches({ x, y, width, height }) {
    const { board } = this.#host;
    return x < board.width && y < board.height && x + width > 0 && y + height > 0;
  }

  /**
   * @param {string} words
   * @returns {null}
   */
  #refuse(words) {
    this.#host.toast(words, "problem");
    return null;
  }
}

/**
 * @param {{x: number, y: number, image: {width: number, height: number}}} blueprint
 * @returns {Region}
 */
function regionOf({ x, y, image: { width, height } }) {
  return { x, y, width, height };
}

/** An id of 24 hexadecimal digits. */
function newId() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(12))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

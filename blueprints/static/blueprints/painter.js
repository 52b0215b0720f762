/** The painter: what the layer of the blueprints shows now. */

import { tableOf } from "./ui/preview.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Subject } from "./draw/brushes.js"
 * @import { Look } from "./model/look.js"
 * @import { Shelf } from "./model/shelf.js"
 */

export class Painter {
  #host;
  #shelf;
  #look;
  /** @type {string[]} */
  #hexes = [];
  /** @type {Uint32Array} */
  #table = new Uint32Array(256);
  #darkInk = new Uint8Array(256);

  /**
   * @param {Host} host
   * @param {{shelf: Shelf, look: Look}} parts
   */
  constructor(host, { shelf, look }) {
    this.#host = host;
    this.#shelf = shelf;
    this.#look = look;
  }

  /**
   * Return what is drawn; null while none is on, or while a board of another size is shown.
   * @returns {Subject | null}
   */
  subject() {
    const { shown, colors } = this.#host;
    const { plan, all } = this.#shelf;
    if (!all.some(({ on }) => on)) return null;
    if (plan.width !== shown.width || plan.height !== shown.height) return null;
    if (this.#hexes !== colors.hexes) this.#setPalette(colors.hexes);
    const { mode } = this.#look.values;
    const { alone } = this.#look;
    const { width, height, cells } = shown;
    const board = { width, height, cells };
    return { plan, board, mode, alone, table: this.#table, darkInk: this.#darkInk };
  }

  /** @param {string[]} hexes */
  #setPalette(hexes) {
    this.#hexes = hexes;
    this.#table = tableOf(hexes);
    this.#darkInk = Uint8Array.from({ length: 256 }, (_, index) => Number(isLight(hexes[index])));
  }
}

/**
 * Tell whether dark ink reads better than light on a colour, by the contrast of WCAG.
 * @param {string | undefined} hex `#RRGGBB`
 */
function isLight(hex = "#FFFFFF") {
  const value = Number.parseInt(hex.slice(1), 16);
  const [r, g, b] = [value >> 16, (value >> 8) & 255, value & 255].map((each) => {
    const part = each / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179;
}

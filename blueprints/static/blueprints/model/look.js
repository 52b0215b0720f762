/** The ways in which blueprints are shown and worked with, kept by this browser. */

import { Emitter } from "../../canvas/lib/emitter.js";

/** @import { Mode } from "../draw/brushes.js" */

const KEY = "pixelsite-blueprints-look";
export const MODES = /** @type {const} */ (["full", "dots", "signs", "wrong", "outline"]);
export const LEAST_OPACITY = 10; // per cent

/**
 * @typedef {object} Values
 * @property {Mode} mode
 * @property {number} opacity per cent
 * @property {boolean} follow the hand takes the colour that a cell wants
 * @property {boolean} warn before a right cell is drawn over
 * @property {boolean} held only cells of the colour that is held come next
 */

/** @type {Values} */
const DEFAULTS = { mode: "dots", opacity: 100, follow: true, warn: true, held: false };

/** @extends {Emitter<{change: []}>} */
export class Look extends Emitter {
  /** The only palette index that is shown; null: all. Not kept. @type {number | null} */
  alone = null;
  values = { ...DEFAULTS, ...stored() };

  /** @param {Partial<Values>} changes */
  set(changes) {
    Object.assign(this.values, changes);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.values));
    } catch {
      // Private windows may refuse; it then lasts as long as the page.
    }
    this.emit("change");
  }

  /** @param {number | null} index */
  showAlone(index) {
    this.alone = index;
    this.emit("change");
  }
}

/**
 * Return what is stored and proves right, value by value.
 * @returns {Partial<Values>}
 */
function stored() {
  let values;
  try {
    values = JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
  /** @type {[keyof Values, boolean][]} */
  const proofs = [
    ["mode", MODES.includes(values?.mode)],
    ["opacity", values?.opacity >= LEAST_OPACITY && values.opacity <= 100],
    ["follow", typeof values?.follow === "boolean"],
    ["warn", typeof values?.warn === "boolean"],
    ["held", typeof values?.held === "boolean"],
  ];
  const proven = proofs.filter(([, proof]) => proof);
  return Object.fromEntries(proven.map(([name]) => [name, values[name]]));
}

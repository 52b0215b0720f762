/** The rules of a canvas, as they hold for one person. */

import { onOffer } from "./palette.js";

/**
 * @import { CanvasRules } from "../sync/protocol.js"
 *
 * @typedef {object} Canvas
 * @property {string[]} palette `#RRGGBB`, by palette index
 * @property {number[]} offered palette indices that may be chosen
 * @property {number} width in cells
 * @property {number} height in cells
 * @property {number} cooldownMs
 * @property {boolean} frozen
 * @property {boolean} autoColor whether the page may take the colour that a template wants
 */

/** Before they are known. @type {Canvas} */
export const UNKNOWN = {
  palette: [],
  offered: [],
  width: 0,
  height: 0,
  cooldownMs: 0,
  frozen: false,
  autoColor: true,
};

/**
 * Return the rules that hold for a guest, or for an account.
 * @param {CanvasRules} rules
 * @param {boolean} guest
 * @returns {Canvas}
 */
export function rulesFor(rules, guest) {
  const { palette, retired = [], width, height, frozen, cooldown_ms: forAccounts } = rules;
  const cooldownMs = guest ? (rules.guest_cooldown_ms ?? forAccounts) : forAccounts;
  const offered = onOffer(palette, retired);
  const autoColor = rules.auto_color ?? true;
  return { palette, offered, width, height, cooldownMs, frozen, autoColor };
}

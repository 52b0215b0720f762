/** The count of several blueprints together. */

/**
 * @import { Tally } from "./count.js"
 * @import { Shelved } from "./shelf.js"
 */

/**
 * Return the sum of those that are on; null where none is.
 * @param {Shelved[]} blueprints
 * @returns {Tally | null}
 */
export function totalOf(blueprints) {
  const on = blueprints.filter((each) => each.on);
  if (!on.length) return null;
  const total = { cells: 0, right: 0, wrong: 0, missing: 0 };
  for (const { count } of on) {
    const { cells, right, wrong, missing } = count.all;
    total.cells += cells;
    total.right += right;
    total.wrong += wrong;
    total.missing += missing;
  }
  return total;
}

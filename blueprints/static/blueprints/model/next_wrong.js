/** The next wrong cell of a plan: the nearest one, or one by chance, so that a crowd spreads. */

import { NONE } from "./image.js";
import { SQUARE } from "./plan.js";

/**
 * @import { Cell, Cells } from "./count.js"
 * @import { Plan } from "./plan.js"
 *
 * @typedef {Pick<Plan, "width" | "height" | "cells" | "columns" | "wrong">} Planned
 *
 * @typedef {object} Wish
 * @property {(index: number) => boolean} takes whether a palette index is wanted by the person
 * @property {Cell} from for the nearest one
 */

/**
 * Return the nearest wrong cell.
 * @param {Planned} plan
 * @param {Cells} board
 * @param {Wish} wish
 * @returns {Cell | null} null where none is left
 */
export function nearestWrong(plan, board, { takes, from }) {
  const taken = tableOf(takes);
  const squares = squaresOf(plan)
    .map((square) => ({ square, near: distanceTo(plan, square, from) }))
    .sort((a, b) => a.near - b.near);
  let best = { distance: Number.POSITIVE_INFINITY, x: -1, y: -1 };
  for (const { square, near } of squares) {
    if (near >= best.distance) break;
    eachWrong(plan, board, square, taken, (x, y) => {
      const distance = (x - from.x) ** 2 + (y - from.y) ** 2;
      if (distance < best.distance) best = { distance, x, y };
    });
  }
  return best.x < 0 ? null : { x: best.x, y: best.y };
}

/**
 * Return a wrong cell by chance.
 * @param {Planned} plan
 * @param {Cells} board
 * @param {Pick<Wish, "takes"> & {random: () => number}} wish
 * @returns {Cell | null} null where none is left
 */
export function anyWrong(plan, board, { takes, random }) {
  const taken = tableOf(takes);
  // Squares with more wrong cells come first more often.
  const squares = squaresOf(plan)
    .map((square) => ({ square, key: random() ** (1 / plan.wrong[square]) }))
    .sort((a, b) => b.key - a.key);
  for (const { square } of squares) {
    /** @type {Cell[]} */
    const found = [];
    eachWrong(plan, board, square, taken, (x, y) => found.push({ x, y }));
    if (found.length) return found[Math.floor(random() * found.length)];
  }
  return null;
}

/** @param {(index: number) => boolean} takes */
function tableOf(takes) {
  return Uint8Array.from({ length: 256 }, (_, index) => Number(index !== NONE && takes(index)));
}

/** @param {Planned} plan */
function squaresOf({ wrong }) {
  const found = [];
  for (let square = 0; square < wrong.length; square++) if (wrong[square]) found.push(square);
  return found;
}

/**
 * Return the square of the distance from a cell to a square's nearest one.
 * @param {Planned} plan
 * @param {number} square
 * @param {Cell} from
 */
function distanceTo({ columns }, square, { x, y }) {
  const left = (square % columns) * SQUARE;
  const top = Math.floor(square / columns) * SQUARE;
  const dx = Math.max(left - x, 0, x - (left + SQUARE - 1));
  const dy = Math.max(top - y, 0, y - (top + SQUARE - 1));
  return dx * dx + dy * dy;
}

/**
 * Visit the wrong cells of a square.
 * @param {Planned} plan
 * @param {Cells} board
 * @param {number} square
 * @param {Uint8Array} taken 1 for each palette index that is wanted
 * @param {(x: number, y: number) => void} visit
 */
function eachWrong({ width, height, cells, columns }, board, square, taken, visit) {
  const left = (square % columns) * SQUARE;
  const top = Math.floor(square / columns) * SQUARE;
  const [right, bottom] = [Math.min(left + SQUARE, width), Math.min(top + SQUARE, height)];
  for (let y = top; y < bottom; y++) {
    for (let x = left, at = y * width + left; x < right; x++, at++) {
      if (taken[cells[at]] && cells[at] !== board.cells[at]) visit(x, y);
    }
  }
}

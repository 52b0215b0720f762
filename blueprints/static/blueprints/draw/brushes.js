/** The brushes of the modes: what a row of cells looks like, in bands of scan lines. */

import { NONE } from "../model/image.js";
import { SIGN_HEIGHT, SIGN_WIDTH, signRound, signRows } from "./signs.js";

/**
 * @import { Cells } from "../model/count.js"
 * @import { Planned } from "../model/next_wrong.js"
 *
 * @typedef {"full" | "dots" | "signs" | "wrong" | "outline"} Mode
 *
 * @typedef {object} Subject what is drawn
 * @property {Planned} plan
 * @property {Cells} board
 * @property {Mode} mode
 * @property {number | null} alone the only palette index that is drawn; null: all
 * @property {Uint32Array} table a pixel for each palette index
 * @property {Uint8Array} darkInk 1 for each palette index on which dark ink reads better
 *
 * Draws one cell's part of a scan line.
 * @typedef {(line: Uint32Array, from: number, to: number, x: number, y: number) => void} Brush
 * @typedef {{height: number, brush: Brush}} Band scan lines that look alike
 */

const BLACK = 0xff000000; // the same in either byte order, as is white
const WHITE = 0xffffffff;
const SMALLEST_DOT = 3; // device pixels a cell: smaller ones are painted whole
const SMALLEST_OUTLINE = 5;
const SMALLEST_WHOLE = 6; // smaller ones are painted pixel by pixel, which is quicker
const PLATE_WIDTH = SIGN_WIDTH + 2; // dots: the sign and a margin
const PLATE_HEIGHT = SIGN_HEIGHT + 2;
/** Device pixels a cell: smaller ones have no room for a sign, and get dots. */
export const SMALLEST_SIGN = PLATE_HEIGHT + 1;

/**
 * Return the bands of a row of cells, from above.
 * @param {Subject} subject
 * @param {number} pixel device pixels a cell
 * @param {number} height of this row
 * @returns {Band[]}
 */
export function bandsOf(subject, pixel, height) {
  const { mode } = subject;
  if (mode === "signs" && pixel >= SMALLEST_SIGN) return signBands(subject, pixel, height);
  if (mode === "dots" || mode === "signs") return dotBands(subject, height);
  if (mode === "outline") return outlineBands(subject, height);
  return [{ height, brush: wholeBrush(subject) }];
}

/**
 * Tell whether cells are so small that they are painted whole in every mode.
 * @param {Mode} mode
 * @param {number} pixel device pixels a cell
 */
export function isFar(mode, pixel) {
  if (mode === "outline") return pixel < SMALLEST_OUTLINE;
  return pixel < (mode === "dots" || mode === "signs" ? SMALLEST_DOT : SMALLEST_WHOLE);
}

/**
 * Tell whether a mode leaves out what is right.
 * @param {Mode} mode
 */
export function hidesRight(mode) {
  return mode === "wrong" || mode === "signs";
}

/**
 * Return a test whether a cell is drawn at all.
 * @param {Subject} subject
 * @returns {(x: number, y: number) => boolean}
 */
function testOf({ plan, board, mode, alone }) {
  const { cells, width } = plan;
  const onlyWrong = hidesRight(mode);
  return (x, y) => {
    const at = y * width + x;
    const wanted = cells[at];
    if (wanted === NONE || (alone !== null && wanted !== alone)) return false;
    return !onlyWrong || board.cells[at] !== wanted;
  };
}

/**
 * @param {Subject} subject
 * @returns {Brush}
 */
function wholeBrush(subject) {
  const shows = testOf(subject);
  const { plan, table } = subject;
  return (line, from, to, x, y) => {
    if (shows(x, y)) line.fill(table[plan.cells[y * plan.width + x]], Math.max(0, from), to);
  };
}

/**
 * @param {Subject} subject
 * @param {number} height
 * @returns {Band[]}
 */
function dotBands(subject, height) {
  const shows = testOf(subject);
  const { plan, table } = subject;
  const dot = Math.max(1, Math.round(height / 3));
  const above = Math.floor((height - dot) / 2);
  /** @type {Brush} */
  const brush = (line, from, to, x, y) => {
    if (!shows(x, y)) return;
    const start = from + Math.floor((to - from - dot) / 2);
    line.fill(table[plan.cells[y * plan.width + x]], Math.max(0, start), Math.max(0, start + dot));
  };
  return [
    { height: above, brush: nothing },
    { height: dot, brush },
    { height: height - above - dot, brush: nothing },
  ];
}

/**
 * @param {Subject} subject
 * @param {number} pixel
 * @param {number} height
 * @returns {Band[]}
 */
function signBands(subject, pixel, height) {
  const unit = Math.max(1, Math.floor((pixel - 1) / PLATE_HEIGHT));
  const above = Math.floor((height - PLATE_HEIGHT * unit) / 2);
  const bands = [{ height: above, brush: nothing }];
  for (let row = -1; row <= SIGN_HEIGHT; row++) {
    bands.push({ height: unit, brush: signBrush(subject, row, unit) });
  }
  return [...bands, { height: height - above - PLATE_HEIGHT * unit, brush: nothing }];
}

/**
 * @param {Subject} subject
 * @param {number} row of dots; -1 and `SIGN_HEIGHT` are the plate's margin
 * @param {number} unit device pixels a dot
 * @returns {Brush}
 */
function signBrush(subject, row, unit) {
  const shows = testOf(subject);
  const { plan, table, darkInk } = subject;
  return (line, from, to, x, y) => {
    if (!shows(x, y)) return;
    const index = plan.cells[y * plan.width + x];
    const start = from + Math.floor((to - from - PLATE_WIDTH * unit) / 2);
    line.fill(table[index], Math.max(0, start), Math.max(0, start + PLATE_WIDTH * unit));
    const ink = darkInk[index] ? BLACK : WHITE;
    const bits = dotsOf(index, row);
    for (let dot = 0; dot < PLATE_WIDTH; dot++) {
      if (!((bits >> (PLATE_WIDTH - 1 - dot)) & 1)) continue;
      const left = start + dot * unit;
      line.fill(ink, Math.max(0, left), Math.max(0, left + unit));
    }
  };
}

/**
 * Return the dots of a plate's row, as bits; bars at its sides tell signs that began anew.
 * @param {number} index
 * @param {number} row
 */
export function dotsOf(index, row) {
  const rounds = signRound(index);
  const left = rounds & 1 ? 1 << (PLATE_WIDTH - 1) : 0;
  const right = rounds & 2 ? 1 : 0;
  const rim = (rounds & 4 && row === -1) || (rounds & 8 && row === SIGN_HEIGHT) ? 0b1111111 : 0;
  return ((signRows(index)[row] ?? 0) << 1) | left | right | rim;
}

/**
 * @param {Subject} subject
 * @param {number} height
 * @returns {Band[]}
 */
function outlineBands(subject, height) {
  return [
    { height: 1, brush: outlineBrush(subject, BLACK) },
    { height: 1, brush: outlineBrush(subject, WHITE) },
    { height: height - 2, brush: outlineBrush(subject, null) },
  ];
}

/**
 * Return a brush of lines where a colour begins or ends.
 * @param {Subject} subject
 * @param {number | null} across the ink of a line between this cell and the one above; null: none
 * @returns {Brush}
 */
function outlineBrush({ plan, alone }, across) {
  /** @param {number} x @param {number} y */
  const colorAt = (x, y) => {
    if (x < 0 || y < 0) return NONE;
    const color = plan.cells[y * plan.width + x];
    return alone === null || color === alone ? color : NONE;
  };
  return (line, from, to, x, y) => {
    const color = colorAt(x, y);
    if (across !== null && color !== colorAt(x, y - 1)) line.fill(across, Math.max(0, from), to);
    if (color === colorAt(x - 1, y)) return;
    if (from >= 0) line[from] = BLACK;
    if (from + 1 >= 0 && across !== BLACK) line[from + 1] = WHITE;
  };
}

/** @type {Brush} */
function nothing() {}

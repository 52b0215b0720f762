/** Layers: what is known of each cell, in place of its colour, over the drawing in dark greys. */

import { revisionAt } from "./past_board.js";
import { Tally } from "./tally.js";

/**
 * @import { Archive, Revision } from "../archive/archive.js"
 * @import { PastBoard } from "./past_board.js"
 * @import { Progress } from "./tally.js"
 *
 * A person's own placements, the oldest first.
 * @typedef {{seqs: number[], xs: number[], ys: number[], colors: number[]}} Own
 *
 * @typedef {"heat" | "age" | "untouched" | "often" | "mine" | "programs" | "color"} Kind
 * @typedef {{kind: Kind, color?: number, own?: Own}} Layer
 *
 * @typedef {object} Work
 * @property {Archive} archive
 * @property {(ms: number) => Promise<number>} seqAt
 * @property {Progress} progress
 */

export const LEVELS = 7;
const GREYS = 16;
const HEAT_MS = 3_600_000;

// Ages in seconds below which a cell has the highest level, the next one, and so on.
export const AGES = [60, 600, 3_600, 21_600, 86_400, 604_800];

// Cividis, from dark to light: its order is seen by its lightness alone, also by the
// colour-blind (Nuñez, Anderton and Renslow, 2018).
export const COLORS = ["#2F4A6D", "#575D6D", "#707173", "#8A8678", "#A59C74", "#C3B369", "#FEE838"];

/** The palette of all layers: greys for the drawing beneath, then the levels. */
export const PALETTE = [
  ...Array.from({ length: GREYS }, (_, i) => grey(Math.round(12 + i * 1.5))),
  ...COLORS,
];

/** @param {number} value */
function grey(value) {
  return `#${value.toString(16).padStart(2, "0").repeat(3)}`.toUpperCase();
}

export class Painter {
  layer;
  #work;
  /** @type {Tally | null} */
  #tally = null;

  /**
   * @param {Layer} layer
   * @param {Work} work
   */
  constructor(layer, work) {
    this.layer = layer;
    this.#work = work;
  }

  /**
   * Return the board's cells as indices of the layers' palette.
   * @param {PastBoard} board
   * @param {number} ms of the moment
   */
  async paint(board, ms) {
    const levels = await this.#levels(board, ms);
    const greys = greysOf(board.revision?.palette ?? []);
    const cells = new Uint8Array(board.cells.length);
    for (let at = 0; at < cells.length; at++) {
      cells[at] = levels[at] ? GREYS - 1 + levels[at] : greys[board.cells[at]];
    }
    return cells;
  }

  /**
   * Return the level of each cell, 0 for none.
   * @param {PastBoard} board
   * @param {number} ms
   * @returns {Promise<Uint8Array>}
   */
  async #levels(board, ms) {
    const { kind, color, own } = this.layer;
    if (kind === "color") return board.cells.map((each) => (each === color ? LEVELS : 0));
    if (kind === "mine") return ownLevels(board, this.#work.archive.revisions, own);
    if (kind === "heat") {
      const tally = new Tally(this.#work.archive, await this.#work.seqAt(ms - HEAT_MS));
      await tally.to(board.seq, this.#work.progress);
      return Uint8Array.from(tally.counts, levelOfCount);
    }
    const { counts, last, programs, seconds } = await this.#counted(board.seq, ms);
    if (kind === "often") return Uint8Array.from(counts, levelOfCount);
    if (kind === "untouched") return Uint8Array.from(counts, (count) => (count ? 0 : LEVELS));
    if (kind === "programs") return Uint8Array.from(programs, (each) => (each ? LEVELS : 0));
    return Uint8Array.from(last, (at) => (at ? levelOfAge(seconds - at) : 0));
  }

  /**
   * @param {number} seq
   * @param {number} ms
   */
  async #counted(seq, ms) {
    if (!this.#tally?.reaches(seq)) this.#tally = new Tally(this.#work.archive);
    const tally = this.#tally;
    await tally.to(seq, this.#work.progress);
    const { counts, last, programs } = tally;
    return { counts, last, programs, seconds: tally.secondsAt(ms) };
  }
}

/**
 * Return the level of a number of placements: 1, 2 to 3, 4 to 7, and so on.
 * @param {number} count
 */
export function levelOfCount(count) {
  return count ? Math.min(LEVELS, 32 - Math.clz32(count)) : 0;
}

/**
 * Return the level of an age: the newer, the higher.
 * @param {number} seconds
 */
export function levelOfAge(seconds) {
  const older = AGES.findIndex((limit) => seconds < limit);
  return older < 0 ? 1 : LEVELS - older;
}

/**
 * Return the levels of a person's own cells: the highest where they are still in sight, a low one
 * where another colour is.
 * @param {PastBoard} board
 * @param {Revision[]} revisions
 * @param {Own} [own]
 */
function ownLevels({ cells, width, seq }, revisions, own) {
  const levels = new Uint8Array(cells.length);
  own?.seqs.forEach((each, i) => {
    const [x, y] = [own.xs[i], own.ys[i]];
    const sizes = revisions.filter((one) => one.seq >= each && one.seq <= seq);
    const held = revisionAt(revisions, each - 1);
    if (each > seq || [held, ...sizes].some((one) => x >= one.width || y >= one.height)) return;
    levels[y * width + x] = cells[y * width + x] === own.colors[i] ? LEVELS : 3;
  });
  return levels;
}

/**
 * Return the grey of each colour, by its lightness.
 * @param {string[]} palette
 */
function greysOf(palette) {
  const greys = new Uint8Array(256);
  for (const [i, hex] of palette.entries()) {
    const value = Number.parseInt(hex.slice(1), 16);
    const light = 0.3 * (value >> 16) + 0.59 * ((value >> 8) & 255) + 0.11 * (value & 255);
    greys[i] = Math.min(GREYS - 1, Math.floor((light / 256) * GREYS));
  }
  return greys;
}

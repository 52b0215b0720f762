/** The board that is shown: the live one, or another that a feature shows in its place. */

import { Emitter } from "../lib/emitter.js";

/**
 * @import { Board } from "./board.js"
 *
 * The part of a board that its viewers need.
 * @typedef {Pick<Board, "width" | "height" | "cells" | "columns" | "generation" | "halved"
 *   | "contains" | "get" | "peekDirty" | "takeDirty" | "dirtyTiles" | "tileRect">} BoardView
 *
 * @typedef {object} Shades
 * @property {string[]} hexes `#RRGGBB`, by palette index
 * @property {string[]} names in the language that is spoken
 *
 * The moment of the past that is shown.
 * @typedef {{seq: number, at: string}} Moment `at` is ISO 8601, in UTC
 */

const SWAP = 2 ** 32; // more loads than any board sees: each swap has generations of its own

/**
 * @extends {Emitter<{change: []}>} another board, size or palette is shown
 * @implements {BoardView}
 */
export class Shown extends Emitter {
  /** The moment that is shown; null for now. @type {Moment | null} */
  moment = null;
  #live;
  #liveColors;
  #board;
  /** @type {Shades} */
  #colors;
  #swaps = 0;

  /**
   * @param {Board} live
   * @param {Shades} colors of the canvas now
   */
  constructor(live, colors) {
    super();
    this.#live = this.#board = live;
    this.#liveColors = this.#colors = colors;
  }

  /** True while the board of the stream is shown. */
  get live() {
    return this.#board === this.#live;
  }

  get colors() {
    return this.#colors;
  }

  /**
   * Show a board in place of the live one, which goes on in the background; or the same one again,
   * when its size or palette has changed.
   * @param {Board} board
   * @param {string[]} hexes its palette
   */
  show(board, hexes) {
    if (board !== this.#board) this.#swaps += 1;
    this.#board = board;
    this.#colors = { hexes, names: [] };
    this.emit("change");
  }

  /** Show the live board again. */
  showLive() {
    if (this.live) return;
    this.#swaps += 1;
    this.#board = this.#live;
    this.#colors = this.#liveColors;
    this.moment = null;
    this.emit("change");
  }

  get width() {
    return this.#board.width;
  }

  get height() {
    return this.#board.height;
  }

  get cells() {
    return this.#board.cells;
  }

  get columns() {
    return this.#board.columns;
  }

  get generation() {
    return this.#swaps * SWAP + this.#board.generation;
  }

  get halved() {
    return this.#board.halved;
  }

  /** @type {Board["contains"]} */
  contains(x, y) {
    return this.#board.contains(x, y);
  }

  /** @type {Board["get"]} */
  get(x, y) {
    return this.#board.get(x, y);
  }

  /** @type {Board["peekDirty"]} */
  peekDirty(tile) {
    return this.#board.peekDirty(tile);
  }

  /** @type {Board["takeDirty"]} */
  takeDirty(tile) {
    return this.#board.takeDirty(tile);
  }

  dirtyTiles() {
    return this.#board.dirtyTiles();
  }

  /** @type {Board["tileRect"]} */
  tileRect(tile) {
    return this.#board.tileRect(tile);
  }
}

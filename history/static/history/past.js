/** The past as the page shows it: a board that the worker brings to any moment. */

import { Emitter } from "../canvas/lib/emitter.js";
import { wholeSecond } from "./time/moments.js";

/**
 * @import { Board } from "../canvas/state/board.js"
 * @import { Extent, Frame, Wish } from "./board/past_reader.js"
 * @import { Layer } from "./board/layers.js"
 * @import { Marks } from "./board/marks.js"
 * @import { WorkerClient } from "./worker/worker_client.js"
 * @import { All, Some } from "./board/redacted_view.js"
 *
 * @typedef {object} PastEvents
 * @property {[frame: Frame]} moved the board shows another moment
 * @property {[frame: Frame]} look the board has another size or palette
 * @property {[share: number]} progress of the counting for a layer, from 0 to 1
 * @property {[code: string]} failed a moment could not be shown
 */

const SECOND = 1_000; // ms

/** @extends {Emitter<PastEvents>} */
export class Past extends Emitter {
  /** All that is known. @type {Extent} */
  extent = { from: 0, to: 0, lastSeq: 0 };
  /** The moment that is shown. @type {Frame | null} */
  frame = null;
  #questions;
  #halvings;
  /** Cells that were shown, as room for the next ones. @type {Uint8Array<ArrayBuffer> | null} */
  #spare = null;
  #underway = false;
  /** The newest wish that waits for the one before. @type {Wish | null} */
  #next = null;

  /**
   * @param {WorkerClient} questions
   * @param {Board} board that shows the past
   * @param {() => number} halvings of the cells where the page shows them
   */
  constructor(questions, board, halvings) {
    super();
    this.#questions = questions;
    this.#halvings = halvings;
    this.board = board;
    questions.onProgress = (share) => this.emit("progress", share);
  }

  /** The whole seconds in which all has happened. */
  get range() {
    const { from, to } = this.extent;
    return { from: Math.floor(from / SECOND) * SECOND, to: wholeSecond(to) };
  }

  /**
   * Learn what there is; reject with a code as the message where that fails.
   * @param {string} slug of the canvas
   */
  async open(slug) {
    this.extent = /** @type {Extent} */ (await this.#questions.ask({ type: "open", slug }));
  }

  /** Learn what has been placed since. */
  async refresh() {
    this.extent = /** @type {Extent} */ (await this.#questions.ask({ type: "refresh" }));
  }

  /**
   * Show a layer in place of the colours from the next moment on.
   * @param {Layer | null} layer
   */
  lay(layer) {
    return this.#questions.ask({ type: "layer", layer });
  }

  /** Bring all cells with the next moment: the board of before is gone. */
  startOver() {
    this.frame = null;
    this.#questions.ask({ type: "start_over" });
  }

  /**
   * Show a moment as soon as possible. Of wishes that come meanwhile only the last one counts, but
   * steps add up.
   * @param {Wish} wish
   */
  async want(wish) {
    const before = this.#next && "step" in this.#next && "step" in wish ? this.#next.step : 0;
    this.#next = "step" in wish ? { step: before + wish.step } : wish;
    if (this.#underway) return;
    this.#underway = true;
    while (this.#next) {
      const next = this.#next;
      this.#next = null;
      await this.#show(next);
    }
    this.#underway = false;
  }

  /**
   * @param {number} from ms since 1970
   * @param {number} to ms since 1970
   * @param {number} count of bins
   */
  async marks(from, to, count) {
    return /** @type {Marks} */ (await this.#questions.ask({ type: "marks", from, to, count }));
  }

  /** @param {Wish} wish */
  async #show(wish) {
    try {
      const halvings = this.#halvings();
      const spare = this.#spare;
      this.#spare = null;
      const question = /** @type {const} */ ({ type: "show", wish, halvings, spare });
      const answer = await this.#questions.ask(question, spare ? [spare.buffer] : []);
      const frame = /** @type {Frame} */ (answer);
      this.#take(frame);
    } catch (error) {
      this.#next = null;
      this.emit("failed", /** @type {Error} */ (error).message);
    }
  }

  /** @param {Frame} frame */
  #take(frame) {
    const { width, height } = frame.revision;
    const before = this.frame;
    this.frame = frame;
    this.#spare = draw(this.board, frame.change, width, height) ?? this.#spare;
    const loaded = "cells" in frame.change && !frame.change.changed;
    const same = before?.revision.width === width && before.revision.height === height;
    const colors = before && String(before.palette) === String(frame.palette);
    if (loaded || !same || !colors) this.emit("look", frame);
    this.emit("moved", frame);
  }
}

/**
 * Draw what has changed.
 * @param {Board} board
 * @param {Some | All} change
 * @param {number} width in cells
 * @param {number} height in cells
 * @returns {Uint8Array<ArrayBuffer> | null} the cells of before, where they are as many
 */
function draw(board, change, width, height) {
  if ("at" in change) {
    for (const [i, at] of change.at.entries()) {
      board.set(at % width, Math.floor(at / width), change.colors[i]);
    }
    return null;
  }
  let former = null;
  if (change.changed && board.cells.length === change.cells.length) {
    former = board.swap(change.cells, rectsOf(change.changed));
  } else {
    board.load(width, height, change.cells);
  }
  board.halved = change.halved;
  return /** @type {Uint8Array<ArrayBuffer> | null} */ (former);
}

/** @param {Uint16Array} numbers four a rectangle */
function* rectsOf(numbers) {
  for (let i = 0; i < numbers.length; i += 4) {
    const [x0, y0, x1, y1] = numbers.subarray(i, i + 4);
    yield { x0, y0, x1, y1 };
  }
}

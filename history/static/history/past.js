/** The past as the page shows it: a board that the worker brings to any moment. */

import { Emitter } from "../canvas/lib/emitter.js";

/**
 * @import { Board } from "../canvas/state/board.js"
 * @import { Extent, Frame, Wish } from "./desk.js"
 * @import { Marks } from "./marks.js"
 * @import { All, Some } from "./sight.js"
 * @import { Answer, Question } from "./worker.js"
 *
 * @typedef {object} PastEvents
 * @property {[frame: Frame]} moved the board shows another moment
 * @property {[frame: Frame]} look the board has another size or palette
 * @property {[code: string]} failed a moment could not be shown
 *
 * @typedef {{resolve: (value: Answer) => void, reject: (error: Error) => void}} Waiting
 */

/** @extends {Emitter<PastEvents>} */
export class Past extends Emitter {
  /** All that is known. @type {Extent} */
  extent = { from: 0, to: 0, lastSeq: 0 };
  /** The moment that is shown. @type {Frame | null} */
  frame = null;
  #worker;
  #ids = 0;
  /** Questions without an answer, by id. @type {Map<number, Waiting>} */
  #waiting = new Map();
  #underway = false;
  /** The newest wish that waits for the one before. @type {Wish | null} */
  #next = null;

  /**
   * @param {Worker} worker
   * @param {Board} board that shows the past
   */
  constructor(worker, board) {
    super();
    this.#worker = worker;
    this.board = board;
    worker.addEventListener("message", ({ data }) => this.#answered(data));
    worker.addEventListener("error", () => this.#broke());
  }

  /**
   * Learn what there is; reject with a code as the message where that fails.
   * @param {string} slug of the canvas
   */
  async open(slug) {
    this.extent = /** @type {Extent} */ (await this.#ask({ type: "open", slug }));
  }

  /** Learn what has been placed since. */
  async refresh() {
    this.extent = /** @type {Extent} */ (await this.#ask({ type: "refresh" }));
  }

  /** Bring all cells with the next moment: the board of before is gone. */
  startOver() {
    this.frame = null;
    this.#ask({ type: "start_over" });
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
    return /** @type {Marks} */ (await this.#ask({ type: "marks", from, to, count }));
  }

  /** @param {Wish} wish */
  async #show(wish) {
    try {
      const frame = /** @type {Frame} */ (await this.#ask({ type: "show", wish }));
      this.#take(frame);
    } catch (error) {
      this.#next = null;
      this.emit("failed", /** @type {Error} */ (error).message);
    }
  }

  /** @param {Frame} frame */
  #take(frame) {
    const { width, height, palette } = frame.revision;
    const before = this.frame?.revision;
    this.frame = frame;
    draw(this.board, frame.change, width, height);
    const same = before?.width === width && before.height === height;
    if (!same || String(before.palette) !== String(palette)) this.emit("look", frame);
    this.emit("moved", frame);
  }

  /**
   * @param {Question} question
   * @returns {Promise<Answer>}
   */
  #ask(question) {
    const id = ++this.#ids;
    this.#worker.postMessage({ id, ...question });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** @param {{id: number, value: Answer, code?: string}} answer */
  #answered({ id, value, code }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (code) waiting?.reject(new Error(code));
    else waiting?.resolve(value);
  }

  /** The worker could not be loaded, or has a fault. */
  #broke() {
    for (const { reject } of this.#waiting.values()) reject(new Error("broken"));
    this.#waiting.clear();
  }
}

/**
 * Draw what has changed.
 * @param {Board} board
 * @param {Some | All} change
 * @param {number} width in cells
 * @param {number} height in cells
 */
function draw(board, change, width, height) {
  if ("at" in change) {
    for (const [i, at] of change.at.entries()) {
      board.set(at % width, Math.floor(at / width), change.colors[i]);
    }
  } else if (change.changed && board.cells.length === change.cells.length) {
    board.swap(change.cells, rectsOf(change.changed));
  } else {
    board.load(width, height, change.cells);
  }
}

/** @param {Uint16Array} numbers four a rectangle */
function* rectsOf(numbers) {
  for (let i = 0; i < numbers.length; i += 4) {
    const [x0, y0, x1, y1] = numbers.subarray(i, i + 4);
    yield { x0, y0, x1, y1 };
  }
}

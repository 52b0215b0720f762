/** Staged pixels: shown before they are sent, then sent one by one as the rules allow. */

import { Emitter } from "../lib/emitter.js";
import { NamedTimers } from "../lib/named_timers.js";

/**
 * @import { Timers } from "../lib/named_timers.js"
 * @import { Board } from "./board.js"
 * @import { Refusal, Session } from "./session.js"
 * @import { Cell } from "./tool.js"
 *
 * @typedef {object} StagedPixel
 * @property {number} x
 * @property {number} y
 * @property {number} index palette index
 * @property {number} stroke number of the stroke that staged it
 *
 * @typedef {object} StagedEvents
 * @property {[]} change
 * @property {[refusal: Refusal]} refused one of them, for good
 * @property {[result: {drawn: number, refused: number}]} done all were sent and answered
 */

export const MOST_STAGED = 128;
const AGAIN_MS = 1_000;
const REFUSED_SHOWN_MS = 8_000;

/** Refusals of this one pixel: the others may be drawn. */
const OF_ONE = [
  "protected",
  "no_change",
  "color_unknown",
  "color_retired",
  "x_out_of_range",
  "y_out_of_range",
];
/** Refusals for now: the same pixel is tried again. */
const FOR_NOW = ["cooldown", "busy", "unavailable", "damaged", "flooding", "limit_reached"];

/** @extends {Emitter<StagedEvents>} */
export class Staged extends Emitter {
  /** True while they are being sent. */
  going = false;
  /** Cells that were refused lately. @type {Cell[]} */
  refused = [];
  #session;
  #board;
  #timers;
  /** In their order, by cell. @type {Map<string, StagedPixel>} */
  #pixels = new Map();
  /** @type {{id: string, pixel: StagedPixel} | null} */
  #sent = null;
  #lastId = "";
  #stroke = 0;
  #result = { drawn: 0, refused: 0 };

  /**
   * @param {Session} session
   * @param {{board: Board, timers: Timers}} parts
   */
  constructor(session, { board, timers }) {
    super();
    this.#session = session;
    this.#board = board;
    this.#timers = new NamedTimers(timers);
    session.on("placed", ({ id }) => this.#answered(id, () => this.#result.drawn++));
    session.on("refused", (refusal) => {
      this.#answered(refusal.id, (pixel) => this.#refuse(pixel, refusal));
    });
    for (const name of /** @type {const} */ (["cooldown", "ready", "me", "canvas"])) {
      session.on(name, () => this.#next());
    }
  }

  /** The number that waits, or is on its way. */
  get size() {
    return this.#pixels.size + (this.#sent ? 1 : 0);
  }

  /** The pixels that are not on their way. @returns {StagedPixel[]} */
  get waiting() {
    return [...this.#pixels.values()];
  }

  /**
   * Tell whether this placement is the one sent last: an event of theirs tells of its refusal.
   * @param {string | undefined} id
   */
  owns(id) {
    return id !== undefined && id === this.#lastId;
  }

  /** Begin another stroke, which can be taken back by itself. */
  begin() {
    this.#stroke += 1;
    this.#forgetRefused();
  }

  /**
   * Replace what the newest stroke has staged.
   * @param {Cell[]} cells of the board or not
   * @param {number} index palette index
   * @returns {boolean} false when there is no room for all of them
   */
  draw(cells, index) {
    this.#remove(this.#stroke);
    let room = true;
    for (const { x, y } of cells) {
      const key = keyOf(x, y);
      if (!this.#board.contains(x, y)) continue;
      if (this.#board.get(x, y) === index && !this.#pixels.has(key)) continue;
      if (this.size >= MOST_STAGED && !this.#pixels.has(key)) room = false;
      else this.#pixels.set(key, { x, y, index, stroke: this.#stroke });
    }
    this.emit("change");
    return room;
  }

  /**
   * Take back the newest stroke, if it is not sent yet.
   * @returns {boolean} whether there was one
   */
  takeBack() {
    const newest = Math.max(...this.waiting.map(({ stroke }) => stroke));
    if (!this.#remove(newest)) return false;
    this.emit("change");
    this.#finish();
    return true;
  }

  /** Send them from now on. */
  go() {
    if (this.going || !this.#pixels.size) return;
    this.going = true;
    this.#result = { drawn: 0, refused: 0 };
    this.emit("change");
    this.#next();
  }

  /** Let go of all that are not on their way. */
  cancel() {
    this.#pixels.clear();
    this.emit("change");
    this.#finish();
  }

  /** Send the next one, if it may be drawn now. */
  #next() {
    if (!this.going || this.#sent || this.#session.objection || this.#timers.has("again")) return;
    const pixel = this.#take();
    if (!pixel) return this.#finish();
    const pending = this.#session.place(pixel.x, pixel.y, pixel.index);
    if (pending) {
      this.#sent = { id: pending.id, pixel };
      this.#lastId = pending.id;
    } else {
      this.#putBack(pixel);
    }
    this.emit("change");
  }

  /** Take out the first one that still changes the board. */
  #take() {
    for (const [key, pixel] of this.#pixels) {
      this.#pixels.delete(key);
      if (!this.#session.shows(pixel.x, pixel.y, pixel.index)) return pixel;
    }
    return null;
  }

  /**
   * @param {string | undefined} id
   * @param {(pixel: StagedPixel) => void} settle
   */
  #answered(id, settle) {
    if (!this.#sent || id !== this.#sent.id) return;
    const { pixel } = this.#sent;
    settle(pixel);
    this.#sent = null;
    this.emit("change");
    this.#next();
  }

  /**
   * @param {StagedPixel} pixel
   * @param {Refusal} refusal
   */
  #refuse(pixel, refusal) {
    const code = refusal.code ?? "";
    if (FOR_NOW.includes(code)) {
      this.#timers.set("again", AGAIN_MS, () => this.#next());
      return this.#putBack(pixel);
    }
    if (OF_ONE.includes(code)) {
      this.#result.refused += 1;
      this.refused = [...this.refused, pixel].slice(-MOST_STAGED);
      this.#timers.set("refused", REFUSED_SHOWN_MS, () => this.#forgetRefused());
    } else {
      // What holds for one holds for all: they wait for the person to decide.
      this.going = false;
      this.#putBack(pixel);
    }
    this.emit("refused", refusal);
  }

  /** @param {StagedPixel} pixel */
  #putBack(pixel) {
    this.#pixels = new Map([[keyOf(pixel.x, pixel.y), pixel], ...this.#pixels]);
  }

  #forgetRefused() {
    this.refused = [];
    this.emit("change");
  }

  #finish() {
    if (!this.going || this.size) return;
    this.going = false;
    this.emit("change");
    this.emit("done", this.#result);
  }

  /**
   * @param {number} stroke
   * @returns {boolean} whether it had any
   */
  #remove(stroke) {
    const before = this.#pixels.size;
    for (const [key, pixel] of this.#pixels) {
      if (pixel.stroke === stroke) this.#pixels.delete(key);
    }
    return this.#pixels.size < before;
  }
}

/**
 * @param {number} x
 * @param {number} y
 */
function keyOf(x, y) {
  return `${x},${y}`;
}

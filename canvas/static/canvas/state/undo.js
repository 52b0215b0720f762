/** Undo: a person's own newest pixels, each taken back by placing what was there before. */

import { Emitter } from "../lib/emitter.js";
import { NamedTimers } from "../lib/named_timers.js";

/**
 * @import { Key } from "../i18n/strings.js"
 * @import { Timers } from "../lib/named_timers.js"
 * @import { PixelDetails } from "../sync/protocol.js"
 * @import { Pending } from "./placements.js"
 * @import { Session } from "./session.js"
 *
 * @typedef {object} Own a pixel of this person
 * @property {number} x
 * @property {number} y
 * @property {number} seq of its placement
 * @property {number} over seq of the newest placement on its cell that may be drawn over
 * @property {number} until ms: when it cannot be taken back any more
 */

export const UNDO_MS = 60_000;
const MOST = 64; // pixels that are remembered: more are not drawn in a minute by hand

/** @extends {Emitter<{change: []}>} */
export class Undo extends Emitter {
  #session;
  #lookUp;
  #now;
  #timers;
  /** The newest last. @type {Own[]} */
  #own = [];
  /** @type {{id: string | null, own: Own} | null} */
  #underway = null;

  /**
   * @param {Session} session
   * @param {object} parts
   * @param {(x: number, y: number) => Promise<PixelDetails>} parts.lookUp
   * @param {Timers} parts.timers
   */
  constructor(session, { lookUp, timers }) {
    super();
    this.#session = session;
    this.#lookUp = lookUp;
    this.#now = timers.now;
    this.#timers = new NamedTimers(timers);
    session.on("placed", (pending) => this.#placed(pending));
    session.on("refused", ({ id, code }) => this.#refused(id, code));
  }

  /** True while there is a pixel that can be taken back, and none is under way. */
  get possible() {
    return !this.#underway && this.#own.some(({ until }) => until > this.#now());
  }

  /**
   * Take back the newest pixel.
   * @returns {Promise<Key | null>} why it could not even be tried
   */
  async takeBack() {
    if (!this.possible) return this.#underway ? "waiting" : "nothing_to_undo";
    const own = this.#own[this.#own.length - 1];
    this.#underway = { id: null, own };
    this.emit("change");
    const problem = await this.#try(own);
    if (problem) this.#end(problem === "drawn_over");
    return problem;
  }

  /**
   * @param {Own} own
   * @returns {Promise<Key | null>}
   */
  async #try({ x, y, seq, over }) {
    const cell = await this.#lookUp(x, y).catch(() => null);
    if (!cell) return "undo_failed";
    const drawn = cell.history ?? [];
    if (drawn.some((placement) => Number(placement.seq) > over)) return "drawn_over";
    const { palette } = this.#session.canvas;
    const before = drawn.find((placement) => Number(placement.seq) < seq)?.color ?? palette[0];
    const pending = this.#session.place(x, y, palette.indexOf(before), over);
    if (pending && this.#underway) this.#underway.id = pending.id;
    else this.#end(false); // the session has said why
    return null;
  }

  /** @param {Pending} pending */
  #placed({ id, x, y, seq }) {
    if (seq === null) return;
    if (id === this.#underway?.id) {
      // What is left of this cell's own pixels is covered by nothing but their own undoing.
      for (const own of this.#own) if (own.x === x && own.y === y) own.over = seq;
      return this.#end(true);
    }
    this.#own = [...this.#own, { x, y, seq, over: seq, until: this.#now() + UNDO_MS }].slice(-MOST);
    this.#expire();
    this.emit("change");
  }

  /**
   * @param {string | undefined} id
   * @param {string | null | undefined} code
   */
  #refused(id, code) {
    if (id !== undefined && id === this.#underway?.id) this.#end(code === "drawn_over");
  }

  /** @param {boolean} forget whether the pixel is taken back, or cannot be */
  #end(forget) {
    if (forget) this.#own = this.#own.filter((own) => own !== this.#underway?.own);
    this.#underway = null;
    this.emit("change");
  }

  /** Forget pixels when their minute is over. */
  #expire() {
    const [oldest] = this.#own;
    if (!oldest || this.#timers.has("expire")) return;
    this.#timers.set("expire", oldest.until - this.#now(), () => {
      this.#own = this.#own.filter(({ until }) => until > this.#now());
      this.#expire();
      this.emit("change");
    });
  }
}

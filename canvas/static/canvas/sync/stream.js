/** Keeps a board in step with the ordered stream of pixels: nothing missed, nothing twice. */

import { eachPixel } from "./protocol.js";

// About ten seconds of the busiest canvas; past it the frames are dropped, which
// shows up as a gap after the snapshot, and a gap is resumed from the server.
const HELD_PIXELS = 200_000;

/** @typedef {{seq: number, epoch: number|string, width: number, height: number, bytes: Uint8Array}} Snapshot */

export class Stream {
  /** Seq of the last pixel that the board contains. */
  last = -1;
  /** Highest seq the server is known to have reached. */
  head = -1;
  /** @type {string|null} */
  epoch = null;
  #board;
  /** @type {import("./protocol.js").PixelFrame[] | null} */
  #held = null;
  #heldPixels = 0;

  /** @param {{width: number, height: number, load: Function, set: Function}} board */
  constructor(board) {
    this.#board = board;
  }

  get loading() {
    return this.#held !== null;
  }

  get behind() {
    return this.loading || this.last < this.head;
  }

  /** From now on frames are held back until `install`. */
  expectSnapshot() {
    this.#held ??= [];
  }

  /** @param {number} seq */
  heard(seq) {
    if (seq > this.head) this.head = seq;
  }

  /**
   * The server says where it is.
   * @returns {boolean} false when the board is of another epoch, and a snapshot is needed
   */
  adopt(epoch, seq) {
    if (String(epoch) === this.epoch) {
      this.heard(seq);
      return true;
    }
    // Another epoch counts its own seqs: what was heard of the old one says nothing.
    this.epoch = String(epoch);
    this.head = seq;
    this.#held = [];
    this.#heldPixels = 0;
    return false;
  }

  /** @returns {boolean} whether the board has this size */
  fits(width, height) {
    return this.#board.width === width && this.#board.height === height;
  }

  /**
   * @param {Snapshot} snapshot
   * @returns {"whole" | "gap" | "other epoch"} "gap" when pixels are missing between the
   *   snapshot and what was held back; nothing is installed from another epoch
   */
  install(snapshot) {
    this.epoch ??= String(snapshot.epoch);
    if (String(snapshot.epoch) !== this.epoch) return "other epoch";
    const held = this.#held ?? [];
    this.#held = null;
    this.#heldPixels = 0;
    this.#board.load(snapshot.width, snapshot.height, snapshot.bytes);
    this.last = snapshot.seq;
    this.heard(snapshot.seq);
    return held.every((frame) => this.receive(frame)) ? "whole" : "gap";
  }

  /**
   * @param {import("./protocol.js").PixelFrame} frame
   * @returns {boolean} false when pixels are missing before it (and it is not applied)
   */
  receive(frame) {
    if (this.#held) return this.#hold(frame);
    this.heard(frame.lastSeq);
    if (frame.lastSeq <= this.last) return true;
    if (frame.firstSeq > this.last + 1) return false;
    const skip = this.last + 1 - frame.firstSeq;
    eachPixel(frame, skip, (x, y, index) => this.#board.set(x, y, index));
    this.last = frame.lastSeq;
    return true;
  }

  #hold(frame) {
    this.#heldPixels += frame.count;
    if (this.#heldPixels <= HELD_PIXELS) this.#held.push(frame);
    return true;
  }
}

/** The ordered stream of pixels: the board misses none, and gets none twice. */

import { eachPixel } from "./protocol.js";

/** @import { PixelFrame, Snapshot } from "./protocol.js" */

// About ten seconds of the busiest canvas. Frames beyond are dropped, which shows as a gap after
// the snapshot, and a gap is filled by the server.
const HELD_PIXELS = 200_000;

/**
 * @typedef {object} Cells the board that is kept in step
 * @property {number} width
 * @property {number} height
 * @property {(width: number, height: number, bytes: Uint8Array) => void} load
 * @property {(x: number, y: number, index: number) => void} set
 */

export class Stream {
  /** Seq of the last pixel that the board contains. */
  last = -1;
  /** Highest seq that the server is known to have reached. */
  head = -1;
  /** @type {string | null} */
  epoch = null;
  #board;
  /** @type {PixelFrame[] | null} */
  #held = null;
  #heldPixels = 0;

  /** @param {Cells} board */
  constructor(board) {
    this.#board = board;
  }

  get loading() {
    return this.#held !== null;
  }

  get behind() {
    return this.loading || this.last < this.head;
  }

  /** Hold frames back until `install`. */
  expectSnapshot() {
    this.#held ??= [];
  }

  /**
   * Note a seq that the server has reached.
   * @param {number} seq
   */
  heard(seq) {
    if (seq > this.head) this.head = seq;
  }

  /**
   * Take the server's word for the seq that it has reached, lower or higher.
   * @param {number} seq
   */
  rewind(seq) {
    this.head = seq;
  }

  /** Take the epoch of the next snapshot, as it is. */
  forgetEpoch() {
    this.epoch = null;
    this.head = -1;
  }

  /**
   * Take the server's word for its epoch and seq.
   * @param {number | string} epoch
   * @param {number} seq
   * @returns {boolean} false when the board is of another epoch, and a snapshot is needed
   */
  adopt(epoch, seq) {
    if (String(epoch) === this.epoch) {
      this.heard(seq);
      return true;
    }
    // Another epoch counts its own seqs: those of the old one say nothing.
    this.epoch = String(epoch);
    this.head = seq;
    this.#held = [];
    this.#heldPixels = 0;
    return false;
  }

  /**
   * Tell whether the board has this size, in cells.
   * @param {number} width
   * @param {number} height
   */
  fits(width, height) {
    return this.#board.width === width && this.#board.height === height;
  }

  /**
   * Load a snapshot, then apply the frames that were held back. One of another epoch, or of another
   * size than it says, changes nothing.
   * @param {Snapshot} snapshot
   * @returns {"whole" | "gap" | "other epoch" | "other size"} "gap" when pixels are missing between
   *   the two
   */
  install(snapshot) {
    const { width, height, bytes } = snapshot;
    if (!(width > 0 && height > 0) || bytes.length !== width * height) return "other size";
    this.epoch ??= String(snapshot.epoch);
    if (String(snapshot.epoch) !== this.epoch) return "other epoch";
    const held = this.#held ?? [];
    this.#held = null;
    this.#heldPixels = 0;
    this.#board.load(width, height, bytes);
    this.last = snapshot.seq;
    this.heard(snapshot.seq);
    return held.every((frame) => this.receive(frame)) ? "whole" : "gap";
  }

  /**
   * Apply a frame, or hold it back while a snapshot is expected.
   * @param {PixelFrame} frame
   * @returns {boolean} false when pixels are missing before it, and it is not applied
   */
  receive(frame) {
    if (this.#held) return this.#hold(frame, this.#held);
    this.heard(frame.lastSeq);
    if (frame.lastSeq <= this.last) return true;
    if (frame.firstSeq > this.last + 1) return false;
    const skip = this.last + 1 - frame.firstSeq;
    eachPixel(frame, skip, (x, y, index) => this.#board.set(x, y, index));
    this.last = frame.lastSeq;
    return true;
  }

  /**
   * @param {PixelFrame} frame
   * @param {PixelFrame[]} held
   */
  #hold(frame, held) {
    this.#heldPixels += frame.count;
    if (this.#heldPixels <= HELD_PIXELS) held.push(frame);
    return true;
  }
}

/** A board that can be walked to any seq of the past, forward and backward. */

import { HistoryError } from "../archive/history_error.js";
import { between, startOf } from "./start.js";
import { Touched } from "./touched.js";

/**
 * @import { Archive, Revision } from "../archive/archive.js"
 * @import { Segment } from "../archive/segment.js"
 */

export class PastBoard {
  width = 0;
  height = 0;
  cells = new Uint8Array(0);
  /** The seq that the board is at; -1 before the first walk. */
  seq = -1;
  /** The size and palette that hold at `seq`. @type {Revision | null} */
  revision = null;
  #archive;
  /** The colours that the placements of a segment drew over, as far as it was walked. */
  #over = /** @type {WeakMap<Segment, {colors: Uint8Array, known: number}>} */ (new WeakMap());
  /** Cells that may differ since the last walk; null: any. @type {Touched | null} */
  #touched = null;

  /** @param {Archive} archive */
  constructor(archive) {
    this.#archive = archive;
  }

  /**
   * Walk to a seq, at most the newest one. Where it fails the board stays at the seq that it has.
   * @param {number} seq
   * @returns {Promise<Touched | null>} what differs since; null: any cell may
   */
  async to(seq) {
    const { from, loading } = this.#load(seq);
    const [start, ...segments] = await Promise.all(loading);
    this.#touched = this.seq < 0 ? null : new Touched(this);
    if (start) this.#begin(from, start);
    if (seq > this.seq) this.#forward(segments, seq);
    else this.#backward(segments, seq);
    return this.#touched;
  }

  /**
   * Tell whether it is known what the placements of a segment drew over, as far as it was walked.
   * @param {Segment} segment
   */
  canTakeBack(segment) {
    const { firstSeq, count } = segment;
    return firstSeq + this.#overOf(segment).known > Math.min(this.seq, firstSeq + count - 1);
  }

  /**
   * Ask for what a walk into a sealed segment needs, while the seq itself is not known.
   * @param {number} index of the segment
   */
  prefetch(index) {
    const { loading } = this.#load(this.#archive.sealed[index].first_seq);
    Promise.all(loading).catch(() => {}); // the walk asks again for what fails, and tells
  }

  /**
   * Ask for a keyframe to start from, where one is needed, and for the segments of a walk to a seq.
   * @param {number} seq
   * @returns {{from: number, loading: [Promise<Uint8Array> | undefined, ...Promise<Segment>[]]}}
   */
  #load(seq) {
    const archive = this.#archive;
    const start = startOf(archive, this, seq);
    // A keyframe is the first in the queue: it is the largest.
    const cells = start.here ? undefined : this.#cellsOf(start.keyframe);
    const segments = between(archive, start.seq, seq).map((index) => archive.segment(index));
    return { from: start.seq, loading: [cells, ...segments] };
  }

  /** @param {string | null} keyframe null: the empty board */
  async #cellsOf(keyframe) {
    return keyframe ? this.#archive.keyframe(keyframe) : this.#empty();
  }

  /** The empty board before the first placement. */
  #empty() {
    const { width, height } = revisionAt(this.#archive.revisions, 0);
    return new Uint8Array(width * height);
  }

  /**
   * @param {number} seq
   * @param {Uint8Array} cells
   */
  #begin(seq, cells) {
    const revision = revisionAt(this.#archive.revisions, seq);
    const { width, height } = revision;
    if (cells.length !== width * height) throw new HistoryError("damaged", `board at ${seq}`);
    const same = width === this.width && height === this.height;
    if (same) this.#touched?.compare(this.cells, cells);
    else this.#touched = null;
    if (same) this.cells.set(cells);
    else this.cells = new Uint8Array(cells);
    Object.assign(this, { seq, revision, width, height });
  }

  /**
   * @param {Segment[]} segments
   * @param {number} seq
   */
  #forward(segments, seq) {
    const changes = this.#archive.revisions.filter((each) => each.seq > this.seq);
    for (const segment of segments) {
      while (this.seq < Math.min(seq, segment.firstSeq + segment.count - 1)) {
        const stop = Math.min(seq, changes[0]?.seq ?? seq, segment.firstSeq + segment.count - 1);
        this.#draw(segment, stop);
        while (changes[0]?.seq === this.seq)
          this.#resize(/** @type {Revision} */ (changes.shift()));
      }
    }
  }

  /**
   * Draw the placements of a segment up to a seq.
   * @param {Segment} segment
   * @param {number} seq
   */
  #draw(segment, seq) {
    const { cells, width, height } = this;
    const { firstSeq, xs, ys, colors } = segment;
    const over = this.#overOf(segment);
    const touched = this.#touched;
    const to = seq - firstSeq + 1;
    const from = this.seq - firstSeq + 1;
    touched?.expect(to - from);
    for (let i = from; i < to; i++) {
      if (xs[i] >= width || ys[i] >= height) continue;
      const at = ys[i] * width + xs[i];
      over.colors[i] = cells[at];
      cells[at] = colors[i];
      touched?.add(xs[i], ys[i]);
    }
    if (over.known >= from) over.known = Math.max(over.known, to);
    this.seq = seq;
  }

  /**
   * Take placements back down to a seq.
   * @param {Segment[]} segments
   * @param {number} seq
   */
  #backward(segments, seq) {
    this.#touched?.expect(this.seq - seq);
    for (const segment of segments.reverse()) {
      this.#takeBack(segment, Math.max(seq, segment.firstSeq - 1));
    }
  }

  /**
   * Take the placements of a segment back down to a seq.
   * @param {Segment} segment
   * @param {number} seq
   */
  #takeBack(segment, seq) {
    const { cells, width, height } = this;
    const { firstSeq, xs, ys } = segment;
    const { colors } = this.#overOf(segment);
    const touched = this.#touched;
    for (let i = this.seq - firstSeq; i > seq - firstSeq; i--) {
      if (xs[i] >= width || ys[i] >= height) continue;
      cells[ys[i] * width + xs[i]] = colors[i];
      touched?.add(xs[i], ys[i]);
    }
    this.seq = seq;
  }

  /** @param {Segment} segment */
  #overOf(segment) {
    const over = this.#over.get(segment) ?? { colors: new Uint8Array(segment.count), known: 0 };
    this.#over.set(segment, over);
    return over;
  }

  /** @param {Revision} revision */
  #resize(revision) {
    this.revision = revision;
    const { width, height } = revision;
    if (width === this.width && height === this.height) return;
    this.cells = resized(this, width, height);
    this.width = width;
    this.height = height;
    this.#touched = null;
  }
}

/**
 * Return the cells of a board with another size: what is beyond it is cut off.
 * @param {{width: number, height: number, cells: Uint8Array}} board
 * @param {number} width
 * @param {number} height
 */
export function resized(board, width, height) {
  const cells = new Uint8Array(width * height);
  const kept = Math.min(width, board.width);
  for (let y = 0; y < Math.min(height, board.height); y++) {
    cells.set(board.cells.subarray(y * board.width, y * board.width + kept), y * width);
  }
  return cells;
}

/**
 * Return the revision that holds after a seq; the first one also holds for all before it.
 * @param {Revision[]} revisions the oldest first
 * @param {number} seq
 */
export function revisionAt(revisions, seq) {
  return revisions.findLast((each) => each.seq <= seq) ?? revisions[0];
}

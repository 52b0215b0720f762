/** A tally: how often each cell was drawn on up to a seq, when last, and by what. */

import { BY_PROGRAM } from "../archive/segment.js";
import { revisionAt } from "./past_board.js";

/**
 * @import { Archive, Revision } from "../archive/archive.js"
 * @import { Segment } from "../archive/segment.js"
 *
 * @typedef {(share: number) => void} Progress
 */

const MOST = 65_535; // placements on a cell that are told apart
const SECOND = 1000;

export class Tally {
  width = 0;
  height = 0;
  seq = 0;
  /** Placements on each cell. */
  counts = new Uint16Array(0);
  /** Seconds since the beginning of the past at which a cell was drawn last; 0 for never. */
  last = new Uint32Array(0);
  /** 1 for each cell that a program drew last. */
  programs = new Uint8Array(0);
  #archive;

  /**
   * @param {Archive} archive
   * @param {number} [since] count only placements after this seq
   */
  constructor(archive, since = 0) {
    this.#archive = archive;
    this.seq = since;
    this.#fit(revisionAt(archive.revisions, since));
  }

  /**
   * Tell whether it can go on to a seq: it never goes back.
   * @param {number} seq
   */
  reaches(seq) {
    return seq >= this.seq;
  }

  /**
   * Count on to a seq.
   * @param {number} seq
   * @param {Progress} progress
   */
  async to(seq, progress) {
    const first = this.seq;
    while (this.seq < seq) {
      const segment = await this.#archive.segment(this.#archive.indexOf(this.seq + 1));
      const changes = this.#archive.revisions.filter((each) => each.seq > this.seq);
      const end = Math.min(seq, segment.firstSeq + segment.count - 1);
      while (this.seq < end) {
        this.#count(segment, Math.min(end, changes[0]?.seq ?? end));
        while (changes[0]?.seq === this.seq) this.#fit(/** @type {Revision} */ (changes.shift()));
      }
      progress((this.seq - first) / (seq - first));
    }
  }

  /**
   * Return the seconds between the beginning of the past and a moment, as in `last`.
   * @param {number} ms since 1970
   */
  secondsAt(ms) {
    return Math.floor((ms - (this.#archive.beginning ?? 0)) / SECOND) + 1;
  }

  /**
   * @param {Segment} segment
   * @param {number} seq
   */
  #count({ firstSeq, xs, ys, times, flags }, seq) {
    const { width, height, counts, last, programs } = this;
    for (let i = this.seq - firstSeq + 1; i <= seq - firstSeq; i++) {
      if (xs[i] >= width || ys[i] >= height) continue;
      const at = ys[i] * width + xs[i];
      if (counts[at] < MOST) counts[at]++;
      last[at] = this.secondsAt(times[i]);
      programs[at] = flags[i] & BY_PROGRAM ? 1 : 0;
    }
    this.seq = seq;
  }

  /** @param {Revision} revision */
  #fit({ width, height }) {
    if (width === this.width && height === this.height) return;
    this.counts = this.#resized(this.counts, new Uint16Array(width * height), width);
    this.last = this.#resized(this.last, new Uint32Array(width * height), width);
    this.programs = this.#resized(this.programs, new Uint8Array(width * height), width);
    this.width = width;
    this.height = height;
  }

  /**
   * @template {Uint8Array | Uint16Array | Uint32Array} Values
   * @param {Values} from
   * @param {Values} to
   * @param {number} width
   * @returns {Values}
   */
  #resized(from, to, width) {
    const height = to.length / width;
    const kept = Math.min(width, this.width);
    for (let y = 0; y < Math.min(height, this.height); y++) {
      to.set(from.subarray(y * this.width, y * this.width + kept), y * width);
    }
    return to;
  }
}

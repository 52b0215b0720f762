/** The reader of the past: it answers what the page asks for, one question after the other. */

import { countUntil } from "../archive/segment.js";
import { Afar } from "./afar.js";
import { PALETTE, Painter } from "./layers.js";
import { bins } from "./marks.js";
import { PastBoard } from "./past_board.js";
import { RedactedView } from "./redacted_view.js";

/**
 * @import { Archive, Revision } from "../archive/archive.js"
 * @import { Layer } from "./layers.js"
 * @import { Marks } from "./marks.js"
 * @import { All, Some } from "./redacted_view.js"
 *
 * The placement that was the newest at a moment.
 * @typedef {{x: number, y: number, color: number, placedAt: number}} Newest
 *
 * A moment as it is to be shown.
 * @typedef {object} Frame
 * @property {number} ms of the moment, since 1970
 * @property {number} seq
 * @property {Revision} revision size and palette of then
 * @property {string[]} palette of what is shown: that of then, or of the layer
 * @property {Newest | null} newest null before the first placement
 * @property {Some | All} change to the frame before
 *
 * @typedef {{from: number, to: number, lastSeq: number}} Extent of all that is known
 *
 * A moment by its time or seq, or so many placements from the one that is shown.
 * @typedef {{ms: number} | {seq: number} | {step: number}} Wish
 *
 * What a page gives to show a moment with: the halvings in which it shows cells, and room for them.
 * @typedef {{halvings?: number, spare?: Uint8Array<ArrayBuffer> | null}} Page
 */

export const TILE = 256; // cells along the side of a tile of the page
const FRESH_MS = 2_000; // how long the newest placement that is known counts as the newest

export class PastReader {
  #archive;
  #now;
  #board;
  #view = new RedactedView(TILE);
  #afar = new Afar();
  /** @type {Page} */
  #page = {};
  #asked = Number.NEGATIVE_INFINITY;
  #epoch = 0;
  /** @type {Painter | null} */
  #painter = null;
  #progress = (/** @type {number} */ _share) => {};
  /** The last answer about a bar. @type {{key: string, marks: Marks} | null} */
  #marked = null;

  /**
   * @param {Archive} archive
   * @param {() => number} now ms
   */
  constructor(archive, now) {
    this.#archive = archive;
    this.#now = now;
    this.#board = new PastBoard(archive);
  }

  /**
   * Ask the server what has been placed since.
   * @returns {Promise<Extent>}
   */
  async refresh() {
    await this.#archive.refresh();
    this.#asked = this.#now();
    if (this.#epoch !== this.#archive.epoch) {
      this.#board = new PastBoard(this.#archive);
      if (this.#painter) this.lay(this.#painter.layer);
    }
    this.#epoch = this.#archive.epoch;
    return this.extent;
  }

  /** @returns {Extent} */
  get extent() {
    const { beginning, end, lastSeq } = this.#archive;
    return { from: beginning ?? 0, to: end ?? 0, lastSeq };
  }

  /** Let the next frame have all cells. */
  startOver() {
    this.#view.forget();
  }

  /** The tools that others read the past with. */
  get tools() {
    return { archive: this.#archive, seqAt: (/** @type {number} */ ms) => this.#seqAt(ms) };
  }

  /**
   * Show a layer in place of the colours from now on.
   * @param {Layer | null} layer
   */
  lay(layer) {
    const progress = (/** @type {number} */ share) => this.#progress(share);
    this.#painter = layer ? new Painter(layer, { ...this.tools, progress }) : null;
    this.startOver();
  }

  /**
   * Show a moment, the nearest that there is.
   * @param {Wish} wish
   * @param {(share: number) => void} [progress] called while a layer is counted
   * @param {Page} [page]
   * @returns {Promise<Frame>}
   */
  async show(wish, progress = () => {}, page = {}) {
    this.#progress = progress;
    this.#page = page;
    if ("ms" in wish) return this.#at(wish.ms);
    const wanted = "seq" in wish ? wish.seq : this.#board.seq + wish.step;
    const seq = Math.min(Math.max(wanted, 0), this.#archive.lastSeq);
    const newest = await this.#newest(seq);
    return this.#frame(seq, newest ? newest.placedAt : this.extent.from, newest);
  }

  /**
   * Return what to draw beside a bar.
   * @param {number} from ms since 1970
   * @param {number} to ms since 1970
   * @param {number} count of bins
   * @returns {Promise<Marks>}
   */
  async marks(from, to, count) {
    const { known: segments, sealed, revisions, epoch, lastSeq } = this.#archive;
    // Frames wait for this, and while the thumb is dragged it is asked for again and again.
    const seqs = segments.map(({ firstSeq }) => firstSeq);
    const key = String([from, to, count, epoch, lastSeq, seqs]);
    if (key !== this.#marked?.key) {
      this.#marked = { key, marks: bins({ segments, sealed, revisions }, { from, to, count }) };
    }
    return structuredClone(this.#marked.marks); // it is handed over
  }

  /** @param {number} ms */
  async #at(ms) {
    if (ms > this.extent.to && this.#now() - this.#asked > FRESH_MS) await this.refresh();
    const index = this.#archive.indexAt(ms);
    if (index >= 0 && !this.#archive.peek(index)) this.#board.prefetch(index);
    const seq = await this.#seqAt(ms);
    return this.#frame(seq, ms, await this.#newest(seq));
  }

  /**
   * Return the seq of the newest placement at or before a moment, 0 where there is none.
   * @param {number} ms
   */
  async #seqAt(ms) {
    const index = this.#archive.indexAt(ms);
    if (index < 0) return 0;
    const segment = await this.#archive.segment(index);
    return segment.firstSeq - 1 + countUntil(segment, ms);
  }

  /**
   * @param {number} seq
   * @returns {Promise<Newest | null>}
   */
  async #newest(seq) {
    if (seq === 0) return null;
    const segment = await this.#archive.segment(this.#archive.indexOf(seq));
    const i = seq - segment.firstSeq;
    const { xs, ys, colors, times } = segment;
    return { x: xs[i], y: ys[i], color: colors[i], placedAt: times[i] };
  }

  /**
   * @param {number} seq
   * @param {number} ms
   * @param {Newest | null} newest
   * @returns {Promise<Frame>}
   */
  async #frame(seq, ms, newest) {
    const walked = await this.#board.to(seq);
    const { width, height } = this.#board;
    const revision = /** @type {Revision} */ (this.#board.revision);
    const painted = await this.#painter?.paint(this.#board, ms);
    const palette = painted ? PALETTE : revision.palette;
    const shown = painted ? { width, height, seq, cells: painted } : this.#board;
    const { change, touched } = this.#view.look(
      shown,
      painted ? null : walked,
      this.#archive.redactions,
      this.#page.spare ?? null,
    );
    const { halvings = 0 } = this.#page;
    const halved = this.#afar.see(change, touched, { width, height, palette, halvings });
    if ("cells" in change) change.halved = halved;
    return { ms, seq, revision, palette, newest, change };
  }
}

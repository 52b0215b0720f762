/** The archive: what is sealed of a canvas's past, fetched by hash and believed only by it. */

import { Gate } from "./gate.js";
import { HistoryError } from "./history_error.js";
import { listingIn } from "./listing.js";
import { LruCache } from "./lru_cache.js";
import { decodeSegment, hexOf } from "./segment.js";

/**
 * @import { Segment } from "./segment.js"
 *
 * A size and palette that the board has after the placement `seq`; `at` is ms since 1970.
 * @typedef {{seq: number, width: number, height: number, palette: string[], at: number | null}}
 *   Revision
 *
 * An area that must not be shown of the boards from `first_seq` to `last_seq`.
 * @typedef {{x: number, y: number, width: number, height: number, first_seq: number,
 *   last_seq: number}} Redaction
 *
 * A segment that can be fetched; `keyframe` is the hash of the board before it, where it is kept,
 * `moderated` has a bit for each of 48 equal parts of its time.
 * @typedef {{first_seq: number, count: number, placed_from: number, placed_to: number,
 *   sha256: string, keyframe: string | null, moderated?: number | null}} Sealed
 *
 * @typedef {{epoch: number, revisions: Revision[], redactions: Redaction[], segments: Sealed[],
 *   more: boolean}} Listing
 *
 * The status of an answer, and its body.
 * @typedef {{status: number, bytes: Uint8Array<ArrayBuffer>}} Answer
 *
 * @typedef {object} Ports what the archive needs of a browser
 * @property {(path: string, fresh: boolean) => Promise<Answer>} fetch
 * @property {((bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>) | null} digest SHA-256;
 *   null where the browser has none, on a page without https
 */

const MOST_SEGMENTS = 48; // decoded, of 1 MB each
const MOST_KEYFRAMES = 4; // of 16 MB at most each
// Requests at once: as many as a browser makes by itself, unless the site speaks HTTP/2. The server
// refuses a network that asks for more than 8 of the past.
const AT_ONCE = 6;

export class Archive {
  epoch = 0;
  /** The oldest first; there is one at least. @type {Revision[]} */
  revisions = [];
  /** @type {Redaction[]} */
  redactions = [];
  /** Without a gap, the oldest first. @type {Sealed[]} */
  sealed = [];
  /** The segment that is being filled. @type {Segment | null} */
  open = null;
  #ports;
  /** @type {LruCache<Segment>} */
  #segments = new LruCache(MOST_SEGMENTS);
  /** @type {LruCache<Uint8Array>} */
  #keyframes = new LruCache(MOST_KEYFRAMES);
  #gate = new Gate(AT_ONCE);

  /** @param {Ports} ports */
  constructor(ports) {
    this.#ports = ports;
  }

  /** The seq of the newest placement that is known. */
  get lastSeq() {
    return this.open ? this.open.firstSeq + this.open.count - 1 : 0;
  }

  /** The time of the first placement, in ms since 1970; null before there is one. */
  get beginning() {
    return this.sealed[0]?.placed_from ?? this.open?.times[0] ?? null;
  }

  /** The time of the newest placement that is known; null before there is one. */
  get end() {
    return this.open?.times.at(-1) ?? this.sealed.at(-1)?.placed_to ?? null;
  }

  /**
   * Fetch the list anew, and what is not sealed yet.
   * @param {number} [attempts] while one is sealed between the two answers
   */
  async refresh(attempts = 3) {
    for (let more = true; more; ) {
      const listing = await this.#list(this.#lastSealed);
      const other = this.epoch !== 0 && listing.epoch !== this.epoch;
      if (other) this.#forget();
      else this.sealed.push(...listing.segments);
      more = listing.more || other;
      this.epoch = listing.epoch;
      this.revisions = listing.revisions;
      this.redactions = listing.redactions;
    }
    const open = this.#decoded("open", await this.#asked("/open", false));
    if (open.firstSeq === this.#lastSealed + 1) this.open = open;
    else if (attempts > 1) await this.refresh(attempts - 1);
    else throw new HistoryError("lost", "open");
  }

  /** The seq of the last sealed placement. */
  get #lastSealed() {
    const last = this.sealed.at(-1);
    return last ? last.first_seq + last.count - 1 : 0;
  }

  /**
   * Return the index among `sealed` of the segment that has a seq, its length for the open one.
   * @param {number} seq
   */
  indexOf(seq) {
    let low = 0;
    let high = this.sealed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sealed[middle].first_seq + this.sealed[middle].count <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Return the index of the last segment that begins at or before a moment, -1 where none does.
   * @param {number} ms since 1970
   */
  indexAt(ms) {
    if (this.open?.count && this.open.times[0] <= ms) return this.sealed.length;
    return this.sealed.findLastIndex((each) => each.placed_from <= ms);
  }

  /**
   * Return the segment at an index where it is in memory, null where it has to be fetched.
   * @param {number} index
   */
  peek(index) {
    return index < this.sealed.length ? this.#segments.peek(this.sealed[index].sha256) : this.open;
  }

  /**
   * Return the segment at an index; that after the last sealed one is the open one.
   * @param {number} index
   * @returns {Promise<Segment>}
   */
  async segment(index) {
    const entry = this.sealed[index];
    if (!entry) return /** @type {Segment} */ (this.open);
    const name = entry.sha256;
    return this.#segments.get(name, async () => {
      const segment = this.#decoded(name, await this.#proven(name));
      if (segment.firstSeq !== entry.first_seq) throw new HistoryError("damaged", name);
      return segment;
    });
  }

  /** The segments that are in memory, the open one too. */
  get known() {
    return [...this.#segments.values(), ...(this.open ? [this.open] : [])];
  }

  /**
   * Return the cells of a keyframe.
   * @param {string} name its SHA-256
   */
  keyframe(name) {
    return this.#keyframes.get(name, () => this.#proven(name));
  }

  /**
   * Tell whether a keyframe is in memory.
   * @param {string} name its SHA-256
   */
  holdsKeyframe(name) {
    return this.#keyframes.peek(name) !== null;
  }

  #forget() {
    this.sealed = [];
    this.open = null;
    this.#segments.clear();
    this.#keyframes.clear();
  }

  /**
   * @param {number} since
   * @returns {Promise<Listing>}
   */
  async #list(since) {
    return listingIn(await this.#asked(`?since=${since}`, false));
  }

  /**
   * Fetch what has a hash. A cache or proxy may hold something else: it is fetched once more.
   * @param {string} name its SHA-256
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async #proven(name) {
    for (const fresh of [false, true]) {
      const bytes = await this.#asked(`/${name}`, fresh);
      if (await this.#fits(name, bytes)) return bytes;
    }
    throw new HistoryError("damaged", name);
  }

  /**
   * @param {string} name
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  async #fits(name, bytes) {
    if (!this.#ports.digest) return true;
    return hexOf(new Uint8Array(await this.#ports.digest(bytes))) === name;
  }

  /**
   * @param {string} path
   * @param {boolean} fresh
   */
  async #asked(path, fresh) {
    const asked = this.#gate.pass(() => this.#ports.fetch(path, fresh));
    const answer = await asked.catch(() => null);
    if (!answer) throw new HistoryError("lost", path);
    if (answer.status > 299) throw HistoryError.of(answer, path);
    return answer.bytes;
  }

  /**
   * @param {string} name
   * @param {Uint8Array} bytes
   */
  #decoded(name, bytes) {
    try {
      return decodeSegment(bytes);
    } catch {
      throw new HistoryError("damaged", name);
    }
  }
}

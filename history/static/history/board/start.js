/** The start of a walk through the past: where a board is, or a keyframe, whichever costs less. */

/**
 * @import { Archive } from "../archive/archive.js"
 * @import { Segment } from "../archive/segment.js"
 *
 * @typedef {object} Walker
 * @property {number} seq -1 where it is nowhere yet
 * @property {Uint8Array} cells
 * @property {(segment: Segment) => boolean} canTakeBack whether it knows what the placements of a
 *   segment drew over
 *
 * The seq that a walk begins at; `here` without any keyframe. A `keyframe` is named by its hash;
 * null: the empty board before the first placement.
 * @typedef {{seq: number, here: boolean, keyframe: string | null}} Start
 */

// What a walk costs, in placements that are drawn in the same time: cells of a keyframe that are
// compared and copied, those of one that has to be fetched and proven as well, and a segment that
// has to be.
const CELLS_COPIED = 16;
const CELLS_FETCHED = 4;
const SEGMENT_FETCHED = 500_000;

/**
 * Choose where to begin a walk to a seq, by what has to be drawn and fetched.
 * @param {Archive} archive
 * @param {Walker} walker
 * @param {number} seq
 * @returns {Start}
 */
export function startOf(archive, walker, seq) {
  let index = archive.indexOf(seq + 1);
  while (index > 0 && !archive.sealed[index]?.keyframe) index--;
  const entry = archive.sealed[index];
  const keyframe = entry?.keyframe ?? null;
  const from = keyframe ? entry.first_seq - 1 : 0;
  const isThere = !keyframe || archive.holdsKeyframe(keyframe);
  const copying = walker.cells.length / (isThere ? CELLS_COPIED : CELLS_FETCHED);
  const far = cost(archive, from, seq) + copying;
  if (leadsTo(archive, walker, seq) && cost(archive, walker.seq, seq) <= far) {
    return { seq: walker.seq, here: true, keyframe: null };
  }
  return { seq: from, here: false, keyframe };
}

/**
 * Return the indices of the segments with the placements between two seqs.
 * @param {Archive} archive
 * @param {number} one
 * @param {number} other
 */
export function between(archive, one, other) {
  if (one === other) return [];
  const first = archive.indexOf(Math.min(one, other) + 1);
  const last = archive.indexOf(Math.max(one, other));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/**
 * @param {Archive} archive
 * @param {number} from
 * @param {number} to
 */
function cost(archive, from, to) {
  const missing = between(archive, from, to).filter((index) => !archive.peek(index));
  return Math.abs(to - from) + missing.length * SEGMENT_FETCHED;
}

/**
 * Tell whether a walk from here comes to a seq. On the way back it has to be known what each
 * placement drew over; what a resize cut off is not.
 * @param {Archive} archive
 * @param {Walker} walker
 * @param {number} seq
 */
function leadsTo(archive, walker, seq) {
  if (seq >= walker.seq) return walker.seq >= 0;
  if (archive.revisions.some((each) => each.seq > seq && each.seq <= walker.seq)) return false;
  return between(archive, walker.seq, seq).every((index) => {
    const segment = archive.peek(index);
    return segment !== null && walker.canTakeBack(segment);
  });
}

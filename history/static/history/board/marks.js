/** Marks beside a bar of time: how busy it was, where moderation drew, where the rules changed. */

import { BY_MODERATION } from "../archive/segment.js";

const PARTS = 48; // of a segment's time, each a bit of `moderated`

/**
 * @import { Revision, Sealed } from "../archive/archive.js"
 * @import { Segment } from "../archive/segment.js"
 *
 * @typedef {{from: number, to: number, count: number}} Scale ms since 1970, and the bins between
 *
 * @typedef {object} Known what is known of the past
 * @property {Segment[]} segments that are in memory, in any order
 * @property {Sealed[]} sealed the list of all but the open one
 * @property {Revision[]} revisions
 *
 * @typedef {object} Marks
 * @property {Float32Array<ArrayBuffer>} busy placements in each bin; of segments that were not
 *   fetched, spread evenly over their time
 * @property {Uint8Array<ArrayBuffer>} moderated 1 for each bin in which moderation drew; of
 *   segments that were not fetched, by parts of their time
 * @property {number[]} rules ms at which the size or the palette changed
 */

/**
 * Sort what is known into the bins of a scale.
 * @param {Known} known
 * @param {Scale} scale
 * @returns {Marks}
 */
export function bins({ segments, sealed, revisions }, scale) {
  const busy = new Float32Array(scale.count);
  const moderated = new Uint8Array(scale.count);
  const exact = new Set(segments.map((each) => each.firstSeq));
  for (const each of sealed) {
    if (exact.has(each.first_seq)) continue;
    spread(each, busy, scale);
    markParts(each, moderated, scale);
  }
  for (const { times, flags } of segments) {
    for (let i = 0; i < times.length; i++) {
      const bin = binOf(times[i], scale);
      if (bin < 0 || bin >= scale.count) continue;
      busy[bin]++;
      if (flags[i] & BY_MODERATION) moderated[bin] = 1;
    }
  }
  // The first revision changed nothing.
  const rules = revisions.slice(1).flatMap(({ at }) => at ?? []);
  return { busy, moderated, rules: rules.filter((at) => at >= scale.from && at <= scale.to) };
}

/**
 * @param {Sealed} sealed
 * @param {Float32Array} busy
 * @param {Scale} scale
 */
function spread({ placed_from: from, placed_to: to, count }, busy, scale) {
  const width = (scale.to - scale.from) / scale.count || 1;
  const first = Math.max(0, binOf(from, scale));
  const last = Math.min(scale.count - 1, binOf(to, scale));
  for (let bin = first; bin <= last; bin++) {
    const start = Math.max(from, scale.from + bin * width);
    const end = Math.min(to, scale.from + (bin + 1) * width);
    busy[bin] += to > from ? (count * Math.max(0, end - start)) / (to - from) : count;
  }
}

/**
 * Mark the parts of a segment's time in which moderation drew.
 * @param {Sealed} sealed
 * @param {Uint8Array} moderated
 * @param {Scale} scale
 */
function markParts({ placed_from: from, placed_to: to, moderated: bits }, moderated, scale) {
  const width = (to - from + 1) / PARTS;
  for (let part = 0, rest = bits ?? 0; part < PARTS; part++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 0) continue;
    const first = Math.max(0, binOf(from + part * width, scale));
    const last = Math.min(scale.count - 1, binOf(from + (part + 1) * width - 1, scale));
    if (first <= last) moderated.fill(1, first, last + 1);
  }
}

/**
 * @param {number} ms
 * @param {Scale} scale
 */
function binOf(ms, { from, to, count }) {
  const bin = Math.floor(((ms - from) / (to - from || 1)) * count);
  return ms === to ? count - 1 : bin;
}

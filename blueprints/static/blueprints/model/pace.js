/** The pace of a blueprint: how many cells became right in an hour, and what that promises. */

const HOUR_MS = 3_600_000;
const EVERY_MS = 60_000;
const LEAST_MS = 300_000; // less says nothing of an hour
const MOST_SAMPLES = HOUR_MS / EVERY_MS + 1;

/** @typedef {{at: number, right: number}} Sample ms since 1970, and the cells that were right */

/**
 * Take a sample, at most one a minute, and forget those older than an hour.
 * @param {Sample[]} samples the oldest first
 * @param {Sample} now
 * @returns {Sample[]}
 */
export function sampled(samples, now) {
  const kept = samples.filter(({ at }) => at <= now.at && now.at - at <= HOUR_MS);
  const last = kept.at(-1);
  if (last && now.at - last.at < EVERY_MS) return kept;
  return [...kept, now].slice(-MOST_SAMPLES);
}

/**
 * Estimate the ms until a blueprint is done, by the last hour.
 * @param {Sample[]} samples
 * @param {Sample} now
 * @param {number} left cells that are not right
 * @returns {number | null} null where nothing can be said; infinite where it does not get on
 */
export function timeLeft(samples, now, left) {
  const first = samples.find(({ at }) => now.at - at <= HOUR_MS);
  if (!first || now.at - first.at < LEAST_MS) return null;
  const drawn = now.right - first.right;
  return drawn > 0 ? (left * (now.at - first.at)) / drawn : Number.POSITIVE_INFINITY;
}

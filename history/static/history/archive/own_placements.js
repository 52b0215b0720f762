/** A person's own placements, as the server tells them to nobody else. */

import { HistoryError } from "./history_error.js";

/** @import { Own } from "../board/layers.js" */

const MOST = 200_000; // placements
const DEADLINE_MS = 12_000; // for each page

/**
 * Fetch them, the oldest first; reject where that fails.
 * @param {string} slug of the canvas
 * @returns {Promise<Own>}
 */
export async function ownPlacements(slug) {
  /** @type {Own} */
  const own = { seqs: [], xs: [], ys: [], colors: [] };
  for (let since = 0, more = true; more && own.seqs.length < MOST; ) {
    const query = new URLSearchParams({ canvas: slug, since: String(since) });
    const url = `/api/canvas/mine?${query}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
    if (!response.ok) throw HistoryError.of(response, url);
    const told = await response.json();
    for (const name of /** @type {(keyof Own)[]} */ (Object.keys(own)))
      own[name].push(...told[name]);
    // A page may be empty, but each one goes on.
    more = told.more && told.until > since;
    since = told.until;
  }
  return own;
}

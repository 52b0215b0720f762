/** A person's own placements, as the server tells them to nobody else. */

/** @import { Own } from "./layers.js" */

const MOST_PAGES = 40; // of 5,000 placements
const DEADLINE_MS = 12_000; // for each page

/**
 * Fetch them, the oldest first; reject where that fails.
 * @param {string} slug of the canvas
 * @returns {Promise<Own>}
 */
export async function ownPlacements(slug) {
  /** @type {Own} */
  const own = { seqs: [], xs: [], ys: [], colors: [] };
  for (let page = 0, more = true; more && page < MOST_PAGES; page++) {
    const since = String(own.seqs.at(-1) ?? 0);
    const url = `/api/canvas/mine?${new URLSearchParams({ canvas: slug, since })}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
    if (!response.ok) throw new Error("lost");
    const told = await response.json();
    for (const name of /** @type {(keyof Own)[]} */ (Object.keys(own)))
      own[name].push(...told[name]);
    more = told.more && told.seqs.length > 0;
  }
  return own;
}

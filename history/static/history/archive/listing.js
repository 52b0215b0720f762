/** The list of what is sealed of a past, as the server tells it. */

import { HistoryError } from "./history_error.js";

/** @import { Listing } from "./archive.js" */

/**
 * Return the list in the body of an answer; throw a HistoryError for a body that has none.
 * @param {Uint8Array} bytes
 * @returns {Listing}
 */
export function listingIn(bytes) {
  const listing = jsonIn(bytes);
  if (!Array.isArray(listing?.segments) || !listing.revisions?.length) {
    throw new HistoryError("lost", "list");
  }
  return listing;
}

/** @param {Uint8Array} bytes */
function jsonIn(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

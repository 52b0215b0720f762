/** The speeds of the player: those that are offered, the first one, and the one that was chosen. */

/** Times as fast as it was. */
export const SPEEDS = [1, 10, 60, 180, 600, 1_800, 3_600, 36_000, 100_000];

const KEY = "pixelsite-history-speed";
const PLAYS_MS = 60_000; // the whole past plays for about so long
const MOST_MS = 86_400_000; // of a longer past, as much as this

/**
 * Return the offered speed at which a past plays in about a minute, or its last day does.
 * @param {number} ms that it is long
 */
export function speedFor(ms) {
  const wanted = Math.min(ms, MOST_MS) / PLAYS_MS;
  const far = (/** @type {number} */ speed) => Math.abs(Math.log(speed / Math.max(wanted, 1)));
  return SPEEDS.reduce((best, speed) => (far(speed) < far(best) ? speed : best));
}

/**
 * Return the speed that was chosen in this browser; null for none that is offered.
 * @returns {number | null}
 */
export function readSpeed() {
  try {
    const speed = Number(localStorage.getItem(KEY));
    return SPEEDS.includes(speed) ? speed : null;
  } catch {
    return null;
  }
}

/** @param {number} speed */
export function writeSpeed(speed) {
  try {
    localStorage.setItem(KEY, String(speed));
  } catch {
    // Private windows may refuse; it then lasts as long as the page.
  }
}

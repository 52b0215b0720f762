/** The timers of the browser, for modules that know none. */

/** @import { Timers } from "../lib/named_timers.js" */

/** @type {Timers} */
export const browserTimers = {
  set: (action, ms) => window.setTimeout(action, ms),
  clear: (id) => window.clearTimeout(id),
  now: () => performance.now(),
};

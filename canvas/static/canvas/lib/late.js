/** Parts that come when they are wanted: the wait for one ends, and it can be asked for anew. */

/** @import { Timers } from "./named_timers.js" */

/** ms: a part has some kilobytes, but those that it imports are fetched after it. */
export const DEADLINE_MS = 15_000;

/**
 * Wait for something that may never come; reject after DEADLINE_MS.
 * @template T
 * @param {Promise<T>} coming
 * @param {Pick<Timers, "set" | "clear">} timers
 * @returns {Promise<T>}
 */
export async function inTime(coming, timers) {
  let timer = 0;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    timer = timers.set(() => reject(new Error("late")), DEADLINE_MS);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    timers.clear(timer);
  }
}

/**
 * Return the way to a module. A browser asks only once for an address: where it got no answer,
 * each later import would wait for the same one. So the next attempts take another address, too,
 * and the one that comes first.
 * @template T
 * @param {() => Promise<T>} module imports it
 * @param {() => Promise<NoInfer<T>>} again imports it by its other address
 * @returns {(timers: Pick<Timers, "set" | "clear">) => Promise<T>}
 */
export function later(module, again) {
  let failed = false;
  return async (timers) => {
    try {
      return await inTime(failed ? Promise.any([module(), again()]) : module(), timers);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
}

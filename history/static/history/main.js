/** The entry of this feature: the page loads it when a person looks back for the first time. */

import { browserTimers } from "../canvas/dom/timers.js";
import { inTime } from "../canvas/lib/late.js";
import { Words } from "./i18n/words.js";
import { LookBack } from "./look_back.js";
import { Past } from "./past.js";
import { make } from "./ui/elements.js";
import { WorkerClient } from "./worker/worker_client.js";

/** @import { Extension, Host } from "../canvas/extensions.js" */

/**
 * Take a place on the page.
 * @param {Host} host
 * @returns {Promise<Extension>}
 */
export async function install(host) {
  const { historyWorker = "", historyStyle = "" } = document.body.dataset;
  const words = new Words(browserTimers);
  await Promise.all([words.speak(host.spokenNow().code), styled(historyStyle)]);
  const newWorker = () => new Worker(historyWorker, { type: "module" });
  const questions = new WorkerClient(newWorker, browserTimers);
  const past = new Past(questions, host.newBoard(), () => host.renderer.halvings);
  return new LookBack(host, words, past, newWorker);
}

/**
 * Add a style sheet; wait until it holds.
 * @param {string} href
 */
async function styled(href) {
  const link = make("link", { rel: "stylesheet", href });
  const there = new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => reject(new Error("no style")));
    document.head.append(link);
  });
  try {
    await inTime(there, browserTimers);
  } catch (error) {
    link.remove(); // another attempt adds its own
    throw error;
  }
}

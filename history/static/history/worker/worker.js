/** The worker of the past: no board is fetched, checked or folded where a frame could wait. */

import { wholeBytes } from "../../canvas/sync/whole_answer.js";
import { Archive } from "../archive/archive.js";
import { HistoryError } from "../archive/history_error.js";
import { PastReader } from "../board/past_reader.js";
import { beforeAndAfter } from "../film/before_after.js";
import { film } from "../film/film.js";

/**
 * @import { Extent, Frame, Wish } from "../board/past_reader.js"
 * @import { Order } from "../film/film.js"
 * @import { Layer } from "../board/layers.js"
 * @import { Marks } from "../board/marks.js"
 *
 * A question of the page, which comes with an id for the answer.
 * @typedef {{type: "open", slug: string} | {type: "refresh"}
 *   | {type: "show", wish: Wish, halvings: number, spare: Uint8Array<ArrayBuffer> | null}
 *   | {type: "layer", layer: Layer | null} | {type: "start_over"}
 *   | {type: "marks", from: number, to: number, count: number}
 *   | {type: "film" | "compare", order: Order, words: string[]}} Question
 *
 * @typedef {Extent | Frame | Marks | Blob | null} Answer
 */

const TIMERS = {
  set: (/** @type {() => void} */ action, /** @type {number} */ ms) => self.setTimeout(action, ms),
  clear: (/** @type {number} */ id) => self.clearTimeout(id),
};

/** @type {PastReader | null} */
let reader = null;
/** The answer before this one: each waits for it. @type {Promise<unknown>} */
let before = Promise.resolve();

self.addEventListener("message", ({ data: { id, ...question } }) => {
  before = before.then(() => answer(id, question));
});
self.postMessage({ id: 0 }); // all modules are there

/**
 * @param {number} id
 * @param {Question} question
 */
async function answer(id, question) {
  try {
    const progress = (/** @type {number} */ share) => self.postMessage({ id, progress: share });
    const value = await answerTo(question, progress);
    self.postMessage({ id, value }, { transfer: buffersOf(value) });
  } catch (error) {
    // Faults of the browser have codes, too: numbers, and 0 for most of them.
    const code = error instanceof HistoryError ? error.code : "broken";
    self.postMessage({ id, code });
  }
}

/**
 * @param {Question} question
 * @param {(share: number) => void} progress
 * @returns {Promise<Answer>}
 */
async function answerTo(question, progress) {
  if (question.type === "open") {
    reader = new PastReader(archiveOf(question.slug), () => performance.now());
    return reader.refresh();
  }
  if (!reader) throw new Error("nothing is open");
  const { tools } = reader;
  if (question.type === "refresh") return reader.refresh();
  if (question.type === "marks") return reader.marks(question.from, question.to, question.count);
  if (question.type === "show") return reader.show(question.wish, progress, question);
  if (question.type === "film") return film(question.order, { ...tools, progress });
  if (question.type === "compare") return beforeAndAfter(question.order, tools, question.words);
  if (question.type === "layer") reader.lay(question.layer);
  else reader.startOver();
  return null;
}

/** @param {string} slug of the canvas */
function archiveOf(slug) {
  const query = new URLSearchParams({ canvas: slug });
  const subtle = self.crypto.subtle;
  return new Archive({
    fetch: async (path, fresh) => {
      const [name, more] = path.split("?");
      const url = `/api/canvas/history${name}?${query}${more ? `&${more}` : ""}`;
      const cache = fresh ? "reload" : "default";
      const whole = await wholeBytes((signal) => fetch(url, { cache, signal }), TIMERS);
      return { status: whole.answer.status, bytes: whole.bytes };
    },
    digest: subtle ? (bytes) => subtle.digest("SHA-256", bytes) : null,
  });
}

/**
 * Return the buffers of an answer, which are handed over rather than copied.
 * @param {Answer} value
 * @returns {ArrayBuffer[]}
 */
function buffersOf(value) {
  const parts = value && "change" in value ? value.change : value;
  const halved = parts && "halved" in parts ? parts.halved?.pixels : null;
  return [...Object.values(parts ?? {}), halved]
    .filter((part) => ArrayBuffer.isView(part))
    .map((part) => /** @type {ArrayBuffer} */ (part.buffer));
}

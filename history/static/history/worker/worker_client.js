/** WorkerClient to a worker, and its answers. */

/**
 * @import { Answer, Question } from "./worker.js"
 *
 * @typedef {{id: number, value: Answer, code?: string, progress?: number}} Message
 * @typedef {{resolve: (value: Answer) => void, reject: (error: Error) => void}} Waiting
 */

export class WorkerClient {
  /** Called with the share of an answer that is done, from 0 to 1. */
  onProgress = (/** @type {number} */ _share) => {};
  #worker;
  #ids = 0;
  /** WorkerClient without an answer, by id. @type {Map<number, Waiting>} */
  #waiting = new Map();
  /** Why the worker has ended. @type {string | null} */
  #ended = null;

  /** @param {Worker} worker */
  constructor(worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#heard(data));
    worker.addEventListener("error", () => this.end("broken"));
  }

  /**
   * @param {Question} question
   * @returns {Promise<Answer>} rejects with a code as the message
   */
  ask(question) {
    if (this.#ended) return Promise.reject(new Error(this.#ended));
    const id = ++this.#ids;
    this.#worker.postMessage({ id, ...question });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /**
   * End the worker.
   * @param {string} code for all that have no answer yet
   */
  end(code) {
    this.#worker.terminate();
    this.#ended = code;
    for (const { reject } of this.#waiting.values()) reject(new Error(code));
    this.#waiting.clear();
  }

  /** @param {Message} message */
  #heard({ id, value, code, progress }) {
    if (progress !== undefined) return this.onProgress(progress);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (code) waiting?.reject(new Error(code));
    else waiting?.resolve(value);
  }
}

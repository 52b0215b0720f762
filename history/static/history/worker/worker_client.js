/** The client of a worker: its questions, and the answers. */

import { DEADLINE_MS } from "../../canvas/lib/late.js";

/**
 * @import { Timers } from "../../canvas/lib/named_timers.js"
 * @import { Answer, Question } from "./worker.js"
 *
 * @typedef {{id: number, value: Answer, code?: string, progress?: number}} Message
 * @typedef {{resolve: (value: Answer) => void, reject: (error: Error) => void}} Waiting
 */

export class WorkerClient {
  /** Called with the share of an answer that is done, from 0 to 1. */
  onProgress = (/** @type {number} */ _share) => {};
  #newWorker;
  #timers;
  /** @type {Worker | null} */
  #worker = null;
  /** The timer until the worker has to say its first word, 0 once it has. */
  #silent = 0;
  #ids = 0;
  /** Questions without an answer, by id. @type {Map<number, Waiting>} */
  #waiting = new Map();
  /** Why the worker has ended. @type {string | null} */
  #ended = null;

  /**
   * @param {() => Worker} newWorker starts one, which says a word once its modules are there
   * @param {Pick<Timers, "set" | "clear">} timers
   */
  constructor(newWorker, timers) {
    this.#newWorker = newWorker;
    this.#timers = timers;
  }

  /**
   * @param {Question} question
   * @param {ArrayBuffer[]} [transfer] buffers of it, which are handed over rather than copied
   * @returns {Promise<Answer>} rejects with a code as the message
   */
  ask(question, transfer = []) {
    if (this.#ended) return Promise.reject(new Error(this.#ended));
    const id = ++this.#ids;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ id, ...question }, transfer);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /**
   * End the worker.
   * @param {string} code for all that have no answer yet
   */
  end(code) {
    this.#ended = code;
    this.#stop(code);
  }

  #start() {
    const worker = this.#newWorker();
    worker.addEventListener("message", ({ data }) => this.#heard(data));
    worker.addEventListener("error", () => {
      if (this.#silent) this.#stop("lost");
      else this.end("broken");
    });
    this.#silent = this.#timers.set(() => this.#stop("lost"), DEADLINE_MS);
    return worker;
  }

  /**
   * Let go of the worker; the next question starts another one.
   * @param {string} code for all that have no answer yet
   */
  #stop(code) {
    this.#spoke();
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error(code));
    this.#waiting.clear();
  }

  #spoke() {
    this.#timers.clear(this.#silent);
    this.#silent = 0;
  }

  /** @param {Message} message */
  #heard({ id, value, code, progress }) {
    this.#spoke();
    if (progress !== undefined) return this.onProgress(progress);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (code) waiting?.reject(new Error(code));
    else waiting?.resolve(value);
  }
}

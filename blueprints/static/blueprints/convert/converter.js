/** The converter: the worker, its deadline, and one answer a question. */

import { Refusal } from "../files/refusal.js";

/**
 * @import { Choice, Converted } from "./conversion.js"
 * @import { Part } from "./decoding.js"
 * @import { Ink } from "./matching.js"
 * @import { Answer, ConvertRequest, Opened, OpenRequest } from "./worker.js"
 * @import { Key } from "../i18n/words.js"
 */

const DEADLINE_MS = 20_000;

export class Converter {
  #url;
  /** @type {Worker | null} */
  #worker = null;
  #last = 0;

  /** @param {string} url of the worker's module */
  constructor(url) {
    this.#url = url;
  }

  /**
   * Open a picture; reject with a Refusal.
   * @param {Part[]} parts
   * @returns {Promise<Opened>}
   */
  async open(parts) {
    this.close();
    return /** @type {Opened} */ (await this.#ask({ parts }));
  }

  /**
   * Convert the picture that is open.
   * @param {Ink[]} inks
   * @param {Choice} choice
   * @returns {Promise<Converted>}
   */
  async convert(inks, choice) {
    return /** @type {Converted} */ (await this.#ask({ inks, choice }));
  }

  /** Let go of the picture. */
  close() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  /**
   * @param {OpenRequest | ConvertRequest} request
   * @returns {Promise<Answer["done"]>}
   */
  #ask(request) {
    this.#worker ??= new Worker(this.#url, { type: "module" });
    const worker = this.#worker;
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => fail("picture_slow"), DEADLINE_MS);
      /** @param {Key} key */
      const fail = (key) => {
        end();
        this.close();
        reject(new Refusal(key));
      };
      /** @param {MessageEvent<Answer>} event */
      const heard = ({ data }) => {
        if (data.id !== id) return;
        end();
        const { done } = data;
        if ("refused" in done) reject(new Refusal(/** @type {Key} */ (done.refused), done.values));
        else resolve(done);
      };
      const broken = () => fail("picture_broken");
      const end = () => {
        window.clearTimeout(timer);
        worker.removeEventListener("message", heard);
        worker.removeEventListener("error", broken);
      };
      worker.addEventListener("message", heard);
      worker.addEventListener("error", broken);
      worker.postMessage({ id, ...request });
    });
  }
}

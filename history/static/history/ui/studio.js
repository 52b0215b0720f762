/** The studio: films and pictures of the past, made in workers of their own and saved. */

import { regionSeen } from "../../canvas/dom/region_frame.js";
import { browserTimers } from "../../canvas/dom/timers.js";
import { WorkerClient } from "../worker/worker_client.js";
import { make } from "./elements.js";
import { chooseRegion } from "./region_select.js";

/**
 * @import { Host } from "../../canvas/extensions.js"
 * @import { Region } from "../film/film.js"
 * @import { Wanted } from "./panel.js"
 * @import { Words } from "../i18n/words.js"
 */

const SIDE = 720; // pixels of the longer side of a film
const KEPT_MS = 60_000; // how long a file that is being saved is kept in memory

export class Studio {
  /** Called with how far a film is, from 0 to 1; null when none is made. */
  onProgress = (/** @type {number | null} */ _share) => {};
  #host;
  #words;
  #newWorker;
  /** @type {WorkerClient | null} */
  #underway = null;

  /**
   * @param {Host} host
   * @param {Words} words
   * @param {() => Worker} newWorker
   */
  constructor(host, words, newWorker) {
    this.#host = host;
    this.#words = words;
    this.#newWorker = newWorker;
  }

  /** @param {Wanted} wanted */
  film(wanted) {
    return this.#make("film", wanted);
  }

  /** @param {Wanted} wanted */
  compare(wanted) {
    return this.#make("compare", wanted);
  }

  /** Give up the film that is being made. */
  cancel() {
    this.#underway?.end("cancelled");
  }

  /**
   * @param {"film" | "compare"} type
   * @param {Wanted} wanted
   */
  async #make(type, { from, to, seconds, where, format }) {
    const { toast, slug } = this.#host;
    if (this.#underway) return;
    if (Number.isNaN(from + to) || from === to) {
      return toast(this.#words.t("film_no_time"), "problem");
    }
    const region = await this.#region(where);
    if (!region) return toast(this.#words.t("film_no_region"), "problem");
    const order = { from, to, seconds, region, side: SIDE, format };
    const moments = [from, to].map((ms) => this.#words.moment(ms));
    const questions = new WorkerClient(this.#newWorker, browserTimers);
    this.#underway = questions;
    questions.onProgress = (share) => this.onProgress(share);
    this.onProgress(0);
    try {
      await questions.ask({ type: "open", slug });
      const file = await questions.ask({ type, order, words: moments });
      if (file instanceof Blob) save(file, nameOf(slug, from, to, file.type));
      toast(this.#words.t("film_done"));
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      if (message === "cancelled") toast(this.#words.t("film_cancelled"));
      else if (message === "encoder") toast(this.#words.t("film_encoder"), "problem");
      else toast(this.#words.t("film_failed"), "problem");
    }
    this.#underway = null;
    questions.end("over");
    this.onProgress(null);
  }

  /**
   * @param {Wanted["where"]} where
   * @returns {Promise<Region | null>}
   */
  async #region(where) {
    const { viewport, shown } = this.#host;
    if (where === "whole") return { x: 0, y: 0, width: shown.width, height: shown.height };
    if (where === "seen") return regionSeen(viewport, shown);
    return chooseRegion(viewport, shown, {
      hint: this.#words.t("region_drag"),
      say: ({ x, y, width, height }) => {
        this.#host.announce(this.#words.t("region_framed", { x, y, width, height }));
      },
    });
  }
}

/**
 * @param {string} slug
 * @param {number} from ms since 1970
 * @param {number} to ms since 1970
 * @param {string} type of the file
 */
function nameOf(slug, from, to, type) {
  const [first, last] = [from, to].map((ms) => new Date(ms).toISOString().slice(0, 19));
  const name = `${slug}-${first}-${last}`.replaceAll(":", "");
  return `${name}.${type.split("/")[1]}`;
}

/**
 * @param {Blob} file
 * @param {string} download its name
 */
function save(file, download) {
  const link = make("a", { href: URL.createObjectURL(file), download });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

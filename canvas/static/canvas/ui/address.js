/** The address of the page, in which the place on the canvas is kept. */

import { formatPlace, formatQuery, parsePlace, parseQuery } from "../state/permalink.js";

/** @import { Viewport } from "../state/viewport.js" */

// Safari throws at more than 100 changes of the address in 30 seconds.
const EVERY_MS = 400;

export class Address {
  #viewport;
  /** @type {number | null} */
  #timer = null;

  /** @param {Viewport} viewport */
  constructor(viewport) {
    this.#viewport = viewport;
    window.addEventListener("hashchange", () => this.follow());
  }

  /**
   * Show the place that the address names.
   * @returns {boolean} whether it names one
   */
  follow() {
    const place = parsePlace(window.location.hash) ?? parseQuery(window.location.search);
    if (place) this.#viewport.show(place);
    return place !== null;
  }

  /** Write the place soon; until there is a board, the address is right and the viewport is not. */
  note() {
    if (!this.#viewport.hasBoard) return;
    this.#timer ??= window.setTimeout(() => {
      this.#timer = null;
      history.replaceState(null, "", this.#here(""));
    }, EVERY_MS);
  }

  /**
   * Return an address to give away.
   * @returns {string}
   */
  link() {
    return this.#here(formatQuery(this.#place));
  }

  get #place() {
    const { centre, scale } = this.#viewport;
    return { ...centre, scale };
  }

  /** @param {string} search */
  #here(search) {
    const url = new URL(window.location.href);
    url.search = search;
    url.hash = formatPlace(this.#place);
    return url.href;
  }
}

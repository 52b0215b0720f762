/** The place on the canvas, kept in the page's address. */

import { formatPlace, formatQuery, parsePlace, parseQuery } from "../state/permalink.js";

// Safari throws at more than 100 changes of the address in 30 seconds.
const EVERY_MS = 400;

export class Address {
  #viewport;
  #timer = null;

  /** @param {import("../state/viewport.js").Viewport} viewport */
  constructor(viewport) {
    this.#viewport = viewport;
    window.addEventListener("hashchange", () => this.follow());
  }

  /** @returns {boolean} whether the address names a place */
  follow() {
    const place = parsePlace(window.location.hash) ?? parseQuery(window.location.search);
    if (place) this.#viewport.show(place);
    return place !== null;
  }

  /** Writes the place soon; until there is a board, the address knows better than the view. */
  note() {
    if (!this.#viewport.hasBoard) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      history.replaceState(null, "", this.#here(""));
    }, EVERY_MS);
  }

  /** @returns {string} an address to give away */
  link() {
    return this.#here(formatQuery(this.#place));
  }

  get #place() {
    const { centre, scale } = this.#viewport;
    return { ...centre, scale };
  }

  #here(search) {
    const url = new URL(window.location.href);
    url.search = search;
    url.hash = formatPlace(this.#place);
    return url.href;
  }
}

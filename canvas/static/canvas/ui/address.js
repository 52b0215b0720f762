/** The address of the page, in which the place on the canvas is kept. */

import { formatPlace, formatQuery, parsePlace, parseQuery } from "../state/permalink.js";

/**
 * @import { Place } from "../state/permalink.js"
 * @import { Moment } from "../state/shown.js"
 * @import { Viewport } from "../lib/viewport.js"
 */

// Safari throws at more than 100 changes of the address in 30 seconds.
const EVERY_MS = 400;

export class Address {
  #viewport;
  #shown;
  /** Called when the address names a moment of the past. @type {(at: string) => void} */
  onMoment = () => {};
  /** @type {number | null} */
  #timer = null;
  /** The fragment that this page wrote: no place that a person asks for. */
  #written = "";
  /** The fragment that is known: another one is a link, whose event is on its way. */
  #known = window.location.hash;
  /** The parts of the query that features keep, by name. @type {Record<string, string>} */
  kept = {};
  /** The place that was followed last; null before one was. @type {Place | null} */
  followed = null;

  /**
   * @param {Viewport} viewport
   * @param {{moment: Moment | null}} shown
   */
  constructor(viewport, shown) {
    this.#viewport = viewport;
    this.#shown = shown;
    window.addEventListener("hashchange", () => {
      this.#known = window.location.hash;
      if (this.#known === this.#written) return;
      this.#written = ""; // a person may come back to it before the place of now is written
      this.follow();
    });
    // A link that is followed at once leads back to the place of now.
    document.addEventListener("click", ({ target }) => {
      if (/** @type {Element} */ (target).closest("a")) this.stay();
    });
  }

  /**
   * Show the place that the address names.
   * @returns {boolean} whether it names one
   */
  follow() {
    const place = parsePlace(window.location.hash) ?? parseQuery(window.location.search);
    this.followed = place ?? this.followed;
    if (place) this.#viewport.show(place);
    if (place?.at) this.onMoment(place.at);
    return place !== null;
  }

  /** Write the place soon; until there is a board, the address is right and the viewport is not. */
  note() {
    if (!this.#viewport.hasBoard) return;
    this.#timer ??= window.setTimeout(() => {
      this.#timer = null;
      if (window.location.hash === this.#known) this.#write();
    }, EVERY_MS);
  }

  /** Keep the place where an older address has come back. */
  stay() {
    if (this.#viewport.hasBoard) this.#write();
  }

  #write() {
    const here = new URL(this.#here(String(new URLSearchParams(this.kept))));
    this.#written = this.#known = here.hash;
    history.replaceState(history.state, "", here.href);
    // The server never sees a fragment: what leads back here says the place in a query.
    const next = `${here.pathname}?${this.#query}`;
    for (const link of document.querySelectorAll("a[data-comes-back]")) {
      const url = new URL(/** @type {HTMLAnchorElement} */ (link).href);
      url.searchParams.set("next", next);
      link.setAttribute("href", url.href);
    }
  }

  /**
   * Return an address to give away.
   * @returns {string}
   */
  link() {
    return this.#here(this.#query);
  }

  /** The place as a query, with what is kept. */
  get #query() {
    const place = new URLSearchParams(formatQuery(this.#place));
    return String(new URLSearchParams([...place, ...Object.entries(this.kept)]));
  }

  get #place() {
    const { centre, scale } = this.#viewport;
    const { moment } = this.#shown;
    return moment ? { ...centre, scale, at: moment.at } : { ...centre, scale };
  }

  /** @param {string} search */
  #here(search) {
    const url = new URL(window.location.href);
    url.search = search;
    url.hash = formatPlace(this.#place);
    return url.href;
  }
}

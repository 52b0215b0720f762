/** The foot of the window: the dock, or what a feature shows in its place. */

import { byId } from "./dom.js";

export class Foot {
  #dock = byId("dock");
  /** @type {HTMLElement | null} */
  #other = null;
  #watch;

  /** @param {() => void} changed called when the foot has another height */
  constructor(changed) {
    this.#watch = new ResizeObserver(changed);
    this.#watch.observe(this.#dock);
  }

  /** The parts that cover the lower edge of the board now. */
  get element() {
    return this.#other ?? this.#dock;
  }

  /**
   * Show an element in place of the dock: nothing can be drawn until the dock is back.
   * @param {HTMLElement} element
   */
  show(element) {
    this.showDock();
    this.#other = element;
    this.#dock.after(element);
    this.#dock.hidden = true;
    document.body.classList.add("resting");
    this.#watch.observe(element);
  }

  /** Show the dock again. */
  showDock() {
    if (!this.#other) return;
    this.#watch.unobserve(this.#other);
    this.#other.remove();
    this.#other = null;
    this.#dock.hidden = false;
    document.body.classList.remove("resting");
  }
}

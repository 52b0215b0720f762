/** The strip over the board: progress and the next wrong cell, or what the hand is to do now. */

import { w, written } from "../i18n/words.js";
import { button, icon, make, translate } from "./elements.js";

/**
 * @import { Tally } from "../model/count.js"
 *
 * @typedef {object} StripActs
 * @property {() => void} open
 * @property {() => void} next
 * @property {() => void} done ends moving, or choosing a region
 *
 * @typedef {{task: string | null, tally: Tally | null}} Strip `task` is what is to be done now
 */

export class StripBar {
  #root;
  #text = make("span", { className: "bp-strip-text" });
  #open;
  #next;
  #done;

  /** @param {StripActs} acts */
  constructor({ open, next, done }) {
    this.#open = make("button", { type: "button", className: "icon", id: "bp-open" });
    this.#open.append(icon("blueprint"));
    this.#open.setAttribute("data-w-label", "open");
    this.#open.addEventListener("click", open);
    this.#next = button("next", "next", next);
    this.#next.id = "bp-next";
    this.#done = button("done", "done", done);
    this.#done.id = "bp-done";
    const parts = [this.#open, this.#text, this.#next, this.#done];
    this.#root = make(
      "section",
      { className: "bp-strip card", "data-w-name": "what_next" },
      ...parts,
    );
    this.#root.hidden = true;
    translate(this.#root);
    document.querySelector(".corner")?.before(this.#root);
  }

  get element() {
    return this.#root;
  }

  /** @param {Strip} state */
  show({ task, tally }) {
    this.#root.hidden = task === null && tally === null;
    this.#open.hidden = this.#next.hidden = task !== null;
    this.#done.hidden = task === null;
    this.#next.setAttribute("aria-disabled", String(tally?.cells === tally?.right));
    if (task !== null) this.#text.textContent = task;
    else if (tally) this.#text.textContent = progressWords(tally);
  }
}

/**
 * Return how far something is, in words.
 * @param {Tally} tally
 */
export function progressWords({ cells, right }) {
  const left = cells - right;
  if (!left) return w("all_right");
  const percent = Math.floor((right / Math.max(1, cells)) * 1000) / 10;
  return w("progress", { percent: written(percent), left });
}

/** Short messages: shown for a while, and said to screen readers. */

import { make } from "../dom/elements.js";
import { byId } from "./dom.js";

const SHOWN_MS = 5_000;
const MOST = 3;

/**
 * Show a message, and say it; it takes the place of the one before on the same subject.
 * @param {string} text
 * @param {"info"|"problem"} [kind]
 * @param {string} [subject]
 */
export function toast(text, kind = "info", subject = text) {
  const list = byId("toasts");
  for (const item of list.querySelectorAll("li")) {
    if (item.dataset.subject === subject) item.remove();
  }
  const item = make("li", { text, className: `toast ${kind}` });
  item.dataset.subject = subject;
  list.append(item);
  while (list.children.length > MOST) list.firstElementChild?.remove();
  window.setTimeout(() => item.remove(), SHOWN_MS);
  announce(text, kind === "problem");
}

/**
 * Say something to screen readers only.
 * @param {string} text
 * @param {boolean} [urgent]
 */
export function announce(text, urgent = false) {
  const region = byId(urgent ? "said-now" : "said");
  // The same words twice would not be said again: an invisible difference makes them new.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

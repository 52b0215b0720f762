/** What a guest is shown in place of a form for members: the ways to become one, and back here. */

import { button, make, translate, worded } from "./elements.js";

export class SignIn {
  element = make("div", { className: "bp-form", hidden: true });
  #ways = make("div", { className: "bp-buttons" });

  /** @param {() => void} left */
  constructor(left) {
    const words = worded("p", "login_required", { tabIndex: -1 });
    const ends = make("div", { className: "bp-buttons bp-ends" }, button("close", "cancel", left));
    this.element.append(words, this.#ways, ends);
  }

  open() {
    // The page's own links, which lead back to this place, in the language that is spoken.
    const links = document.querySelectorAll("#menu-panel a[data-comes-back][data-who=guest]");
    this.#ways.replaceChildren(...[...links].map(copyOf));
    this.element.hidden = false;
    translate(this.element);
    /** @type {HTMLElement | null} */ (this.#ways.querySelector("a"))?.focus();
  }

  close() {
    this.element.hidden = true;
  }
}

/** @param {Element} link */
function copyOf(link) {
  const copy = /** @type {HTMLAnchorElement} */ (link.cloneNode(true));
  copy.className = "bp-button";
  copy.hidden = false;
  return copy;
}

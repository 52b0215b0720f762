/** The links that a guest gets in place of a form for members: to sign in or up, and back here. */

import { button, make, translate, worded } from "./elements.js";

export class SignIn {
  element = make("div", { className: "bp-form", hidden: true });
  #words = worded("p", "login_required", { tabIndex: -1 });
  #ways = make("div", { className: "bp-buttons" });

  /** @param {() => void} left */
  constructor(left) {
    const ends = make("div", { className: "bp-buttons bp-ends" }, button("close", "cancel", left));
    this.element.append(this.#words, this.#ways, ends);
  }

  open() {
    // The page's own links, which lead back to this place, in the language that is spoken.
    const links = document.querySelectorAll("#menu-panel a[data-comes-back][data-who=guest]");
    this.#ways.replaceChildren(...[...links].map(copyOf));
    this.element.hidden = false;
    translate(this.element);
    this.#words.focus();
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

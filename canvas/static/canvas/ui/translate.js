/** Puts the words of the spoken language into the page that the server sent. */

import { make } from "./dom.js";
import { t } from "../i18n/strings.js";

const ATTRIBUTES = {
  "data-t-label": "aria-label", "data-t-title": "title", "data-t-kind": "aria-roledescription",
  "data-t-hint": "placeholder",
};

/** @param {string} language as in `lang` attributes */
export function translatePage(language) {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-t]")) {
    element.replaceChildren(...withKeys(t(element.dataset.t)));
  }
  for (const [mark, attribute] of Object.entries(ATTRIBUTES)) {
    for (const element of document.querySelectorAll(`[${mark}]`)) {
      element.setAttribute(attribute, t(element.getAttribute(mark)));
    }
  }
}

/** @param {string} text with `[keys]` @returns {(string | HTMLElement)[]} */
function withKeys(text) {
  return text.split(/[[\]]/).map((part, at) => (at % 2 ? make("kbd", { text: part }) : part));
}

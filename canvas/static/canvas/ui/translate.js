/** The words of the page that the server sent, in the language that is spoken. */

import { make } from "../dom/elements.js";
import { hasWords, spokenNow, t } from "../i18n/strings.js";

const ATTRIBUTES = {
  "data-t-label": "aria-label",
  "data-t-title": "title",
  "data-t-kind": "aria-roledescription",
  "data-t-hint": "placeholder",
};

/** Put all words in anew. */
export function translatePage() {
  const { code, dir } = spokenNow();
  document.documentElement.lang = code;
  document.documentElement.dir = dir;
  for (const element of document.querySelectorAll("[data-t]")) {
    element.replaceChildren(...withKeys(wordsOf(element, "data-t")));
  }
  for (const [mark, attribute] of Object.entries(ATTRIBUTES)) {
    for (const element of document.querySelectorAll(`[${mark}]`)) {
      element.setAttribute(attribute, wordsOf(element, mark));
    }
  }
}

/**
 * @param {Element} element
 * @param {string} mark the attribute with the key
 */
function wordsOf(element, mark) {
  const key = element.getAttribute(mark) ?? "";
  return hasWords(key) ? t(key) : key;
}

/**
 * Make keys of the words in brackets.
 * @param {string} text with `[keys]`
 * @returns {(string | HTMLElement)[]}
 */
function withKeys(text) {
  return text.split(/[[\]]/).map((part, at) => (at % 2 ? make("kbd", { text: part }) : part));
}

/** Shorthands for the DOM: buttons with icons, and names of elements. */

import { drawIcon, make } from "../../canvas/dom/elements.js";

export { drawIcon as icon, make };

/**
 * Make a button that shows an icon.
 * @param {string} path of the icon
 * @param {() => void} act
 */
export function iconButton(path, act) {
  const button = make("button", { type: "button", className: "icon" }, drawIcon(path));
  button.addEventListener("click", act);
  return button;
}

/**
 * Name a button, for all who see it and who do not.
 * @param {HTMLElement} element
 * @param {string} words
 */
export function name(element, words) {
  element.setAttribute("aria-label", words);
  element.title = words;
}

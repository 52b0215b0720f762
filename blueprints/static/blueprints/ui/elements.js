/** Elements of the blueprints' parts, whose words follow the language. */

import { drawIcon, make } from "../../canvas/dom/elements.js";
import { w } from "../i18n/words.js";

/** @import { Key } from "../i18n/words.js" */

/** The lines of each icon, on 24 x 24. */
const ICONS = {
  blueprint: "M4 4h16v16H4zM4 9h5v6H4M9 4v5h6V4M15 15h5M15 15v5M9 15v5",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.1",
  region: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M9 9h6v6H9z",
  next: "M5 12h13M13 6.5l5.5 5.5-5.5 5.5",
  dice: "M4.5 4.5h15v15h-15zM9 9v.1M15 15v.1M15 9v.1M9 15v.1",
  up: "M12 19V5M6.5 10.5L12 5l5.5 5.5",
  down: "M12 5v14M6.5 13.5L12 19l5.5-5.5",
  move:
    "M12 3v18M3 12h18M9.5 5.5L12 3l2.5 2.5M9.5 18.5L12 21l2.5-2.5M5.5 9.5L3 12l2.5 2.5" +
    "M18.5 9.5L21 12l-2.5 2.5",
  more: "M6 9.5l6 6 6-6",
  remove: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  place: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 10v.1",
  save: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
  send: "M12 15V4M7.5 8L12 3.5 16.5 8M5 20h14",
  past: "M12 7.5V12l3 2M4.5 8.5A8.2 8.2 0 1 1 4 13M4 4.5v4h4",
  done: "M5 12.5l4.5 4.5L19 7.5",
};

/** @typedef {keyof typeof ICONS} Icon */

export { make };

/**
 * Make an element with words.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Key} key
 * @param {Record<string, string | number | boolean>} [properties]
 */
export function worded(tag, key, properties = {}) {
  return make(tag, { "data-w": key, text: w(key), ...properties });
}

/**
 * Draw an icon.
 * @param {Icon} name
 */
export function icon(name) {
  return drawIcon(ICONS[name]);
}

/**
 * Make a button with an icon and words beside it.
 * @param {Icon} name
 * @param {Key} key
 * @param {() => void} act
 */
export function button(name, key, act) {
  const made = make("button", { type: "button", className: "bp-button" }, icon(name));
  made.append(worded("span", key));
  made.addEventListener("click", act);
  return made;
}

/**
 * Make a button that shows an icon only.
 * @param {Icon} name
 * @param {Key} key
 * @param {() => void} act
 */
export function iconButton(name, key, act) {
  const made = make(
    "button",
    { type: "button", className: "icon", "data-w-label": key },
    icon(name),
  );
  label(made, key);
  made.addEventListener("click", act);
  return made;
}

/**
 * Make a switch with words beside it.
 * @param {Key} key
 * @param {(on: boolean) => void} act
 */
export function toggle(key, act) {
  const input = make("input", { type: "checkbox", role: "switch" });
  input.addEventListener("change", () => act(input.checked));
  const element = make("label", { className: "switch" }, input, make("i"), worded("span", key));
  return { element, input };
}

/**
 * Make a choice with words before it.
 * @param {Key} key
 * @param {readonly (readonly [value: string, key: Key])[]} options
 * @param {(value: string) => void} act
 */
export function choice(key, options, act) {
  const select = make("select");
  select.append(...options.map(([value, each]) => worded("option", each, { value })));
  select.addEventListener("change", () => act(select.value));
  const element = make("label", { className: "pick" }, worded("span", key), select);
  return { element, select };
}

/**
 * Make a field for a whole number, with words before it.
 * @param {Key} key
 * @param {{min: number, max: number}} bounds
 * @param {(value: number) => void} act called when a whole number within the bounds was entered
 */
export function numberField(key, { min, max }, act) {
  const input = make("input", { type: "number", inputMode: "numeric", step: 1, min, max });
  input.addEventListener("change", () => {
    const value = Number(input.value);
    if (input.value && Number.isInteger(value) && input.checkValidity()) act(value);
  });
  const element = make("label", { className: "bp-number" }, worded("span", key), input);
  return { element, input };
}

/**
 * Say all words within an element anew.
 * @param {HTMLElement} root
 */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-w]")) {
    element.textContent = w(/** @type {Key} */ (element.getAttribute("data-w")));
  }
  const name = root.getAttribute("data-w-name");
  if (name) root.setAttribute("aria-label", w(/** @type {Key} */ (name)));
  for (const element of root.querySelectorAll("[data-w-label]")) {
    label(element, /** @type {Key} */ (element.getAttribute("data-w-label")));
  }
}

/**
 * @param {Element} element
 * @param {Key} key
 */
function label(element, key) {
  element.setAttribute("aria-label", w(key));
  element.setAttribute("title", w(key));
}

/**
 * Hand a file to the person.
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

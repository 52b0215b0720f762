/** Shorthands for the DOM: elements, and icons drawn with lines. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [properties] attributes with a dash, `role` and `dir`,
 *   and properties of the element
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, String(value));
    else Reflect.set(element, name, value);
  }
  element.append(...children);
  return element;
}

/**
 * Make an icon.
 * @param {string} path of its lines, in a square of 24
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/**
 * Make a button that shows an icon.
 * @param {string} path of the icon
 * @param {() => void} act
 */
export function iconButton(path, act) {
  const button = make("button", { type: "button", className: "icon" }, icon(path));
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

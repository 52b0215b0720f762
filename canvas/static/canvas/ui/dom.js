/** The few words of DOM that the page needs. */

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [properties] of the element; `text` and attributes with a dash too
 * @param {...Node} children
 * @returns {HTMLElement}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") element.textContent = value;
    else if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/**
 * @param {HTMLElement} stage
 * @param {string} above @param {string} below selectors of what covers its upper and lower edge
 * @returns {{top: number, right: number, bottom: number, left: number}} CSS pixels, with a margin
 */
export function uncovered(stage, above, below) {
  const margin = 14;
  const edge = (selector) => document.querySelector(selector).getBoundingClientRect();
  return {
    top: edge(above).bottom + margin,
    right: margin,
    bottom: stage.clientHeight - edge(below).top + margin,
    left: margin,
  };
}

/** Shorthands for the DOM: finding elements, and measuring them. */

/**
 * Return an element of the page; fail where there is none, or one of another kind.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @param {new () => Kind} [kind] its class, where more is wanted of it than of every element
 * @returns {Kind}
 */
export function byId(id, kind) {
  return checked(document.getElementById(id), `#${id}`, kind);
}

/**
 * Return the first element that matches a selector; fail as `byId` does.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => Kind} [kind]
 * @returns {Kind}
 */
export function find(parent, selector, kind) {
  return checked(parent.querySelector(selector), selector, kind);
}

/**
 * @template {HTMLElement} Kind
 * @param {Element | null} element
 * @param {string} wanted
 * @param {new () => Kind} [kind]
 * @returns {Kind}
 */
function checked(element, wanted, kind) {
  if (!(element instanceof (kind ?? HTMLElement))) throw new TypeError(`${wanted} is not there`);
  return /** @type {Kind} */ (element);
}

/**
 * Measure the edges that are covered, in CSS pixels, with a margin.
 * @param {HTMLElement} stage
 * @param {Element} above covers its upper edge
 * @param {Element} below covers its lower edge
 * @returns {{top: number, right: number, bottom: number, left: number}}
 */
export function insetsOf(stage, above, below) {
  const margin = 14;
  return {
    top: above.getBoundingClientRect().bottom + margin,
    right: margin,
    bottom: stage.clientHeight - below.getBoundingClientRect().top + margin,
    left: margin,
  };
}

/**
 * Mark the stage while the page itself is zoomed, so that a pinch there can take it back.
 * @param {HTMLElement} stage
 */
export function followPageZoom(stage) {
  const view = window.visualViewport;
  view?.addEventListener("resize", () => {
    stage.classList.toggle("page-zoomed", view.scale > 1.01);
  });
}

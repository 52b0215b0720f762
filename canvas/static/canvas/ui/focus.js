/** The focus after a click. */

/**
 * Give the keys back to the board after a click with a pointer on a button beside it; a person that
 * goes by keys keeps it where it is.
 * @param {HTMLElement} stage
 */
export function returnFocus(stage) {
  document.addEventListener("click", ({ detail, target }) => {
    if (detail === 0 || !(target instanceof Element) || !target.closest("button")) return;
    // What is open beside the board keeps the focus, or has just taken it.
    if (isOpen(target) || isOpen(document.activeElement)) return;
    stage.focus({ preventScroll: true });
  });
}

/** @param {Element | null} element */
function isOpen(element) {
  return element?.closest(".panel, dialog")?.checkVisibility() ?? false;
}

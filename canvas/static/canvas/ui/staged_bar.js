/** The bar about staged pixels: how many there are, to draw them or let them go. */

import { t } from "../i18n/strings.js";
import { byId } from "./dom.js";

/**
 * @import { Actions } from "../state/actions.js"
 * @import { Staged } from "../state/staged.js"
 */

export class StagedBar {
  #staged;

  /** @param {{staged: Staged, actions: Actions}} parts */
  constructor({ staged, actions }) {
    this.#staged = staged;
    byId("staged-go").addEventListener("click", () => actions.stroke.go());
    byId("staged-cancel").addEventListener("click", () => actions.stroke.cancel());
  }

  /** Show what waits now. The focus of a button that goes away returns to the board. */
  show() {
    const { size, going } = this.#staged;
    const bar = byId("staged");
    const go = byId("staged-go");
    const lost = bar.contains(document.activeElement) && (!size || going);
    byId("staged-count").textContent = t(going ? "staged_left" : "staged", { count: size });
    go.hidden = going;
    bar.hidden = !size;
    if (lost) byId("stage").focus({ preventScroll: true });
  }
}

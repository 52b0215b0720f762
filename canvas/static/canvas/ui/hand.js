/** The buttons of the hand: what it can take back. */

import { byId } from "./dom.js";

/**
 * @import { Actions } from "../state/actions.js"
 * @import { Undo } from "../state/undo.js"
 */

export class Hand {
  #undo;
  #button = byId("undo", HTMLButtonElement);

  /** @param {{undo: Undo, actions: Actions}} parts */
  constructor({ undo, actions }) {
    this.#undo = undo;
    this.#button.addEventListener("click", () => actions.undo());
  }

  /** Show what can be done now. A button that is greyed keeps the focus, and says why. */
  show() {
    this.#button.setAttribute("aria-disabled", String(!this.#undo.possible));
  }
}

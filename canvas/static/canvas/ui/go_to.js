/** The form that takes a person to a place that is typed or pasted. */

import { t } from "../i18n/strings.js";
import { parseTyped } from "../state/permalink.js";
import { byId } from "./dom.js";

/** @import { Place } from "../state/permalink.js" */

export class GoTo {
  #size;
  #field = byId("goto-place", HTMLInputElement);

  /**
   * @param {object} parts
   * @param {{width: number, height: number}} parts.size of the board, in cells
   * @param {(place: Place) => boolean} parts.go returns false when there is no such cell
   * @param {() => void} parts.arrived
   */
  constructor({ size, go, arrived }) {
    this.#size = size;
    byId("goto-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const place = parseTyped(this.#field.value);
      if (!place || !go(place)) return this.#refuse(place !== null);
      arrived();
    });
    this.#field.addEventListener("input", () => this.#explain(""));
  }

  /** Be ready for a new place. */
  open() {
    this.#explain("");
    this.#field.select();
  }

  /** @param {boolean} outside whether it is a place, but none of the board */
  #refuse(outside) {
    const { width, height } = this.#size;
    const far = { x: width - 1, y: height - 1 };
    this.#explain(outside ? t("goto_outside", far) : t("goto_unclear"));
    this.#field.focus();
  }

  /** @param {string} problem empty for none */
  #explain(problem) {
    byId("goto-error").textContent = problem;
    this.#field.setAttribute("aria-invalid", String(problem !== ""));
  }
}

/** The form that asks the moderators to look at a place. */

import { byId } from "./dom.js";
import { hasWords, t } from "../i18n/strings.js";
import { toast } from "./toasts.js";

export class ReportForm {
  #api;
  #fold = byId("report");
  #form = byId("report-form");
  #error = byId("report-error");
  #cell = { x: 0, y: 0 };
  #sending = false;

  /** @param {{report: (complaint: object) => Promise<void>}} api */
  constructor(api) {
    this.#api = api;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** Starts over, folded. @param {{x: number, y: number}} cell that it will be about */
  about(cell) {
    this.#cell = cell;
    this.#fold.open = false;
    this.#form.reset();
    this.#error.textContent = "";
  }

  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    this.#error.textContent = "";
    const cell = this.#cell;
    const { reason, text } = Object.fromEntries(new FormData(this.#form));
    try {
      await this.#api.report({ ...cell, reason, text: text.trim() });
      toast(t("report_sent", cell));
      if (cell === this.#cell) this.#finish();
    } catch ({ code, detail }) {
      this.#error.textContent = hasWords(code) ? t(code) : (detail ?? t("report_failed"));
    } finally {
      this.#sending = false;
    }
  }

  #finish() {
    const inside = this.#form.contains(document.activeElement);
    this.about(this.#cell);
    if (inside) this.#fold.querySelector("summary").focus();
  }
}

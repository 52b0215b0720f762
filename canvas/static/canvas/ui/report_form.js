/** The form that asks the moderators to look at a place. */

import { hasWords, t } from "../i18n/strings.js";
import { byId, find } from "./dom.js";
import { toast } from "./toasts.js";

/** @import { Complaint, Problem } from "../sync/protocol.js" */

export class ReportForm {
  #api;
  #fold = byId("report", HTMLDetailsElement);
  #form = byId("report-form", HTMLFormElement);
  #error = byId("report-error");
  #cell = { x: 0, y: 0 };
  #sending = false;

  /** @param {{report: (complaint: Complaint) => Promise<void>}} api */
  constructor(api) {
    this.#api = api;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /**
   * Start over, folded.
   * @param {{x: number, y: number}} cell that the report will be about
   */
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
    const fields = new FormData(this.#form);
    const [reason, text] = ["reason", "text"].map((name) => String(fields.get(name)));
    try {
      await this.#api.report({ ...cell, reason, text: text.trim() });
      toast(t("report_sent", cell));
      if (cell === this.#cell) this.#finish();
    } catch (error) {
      const { code, detail } = /** @type {Problem} */ (error);
      // Only what the server refused has a detail: else it was not reached.
      const said = detail !== undefined && code && hasWords(code) ? t(code) : detail;
      this.#error.textContent = said ?? t("report_failed");
    } finally {
      this.#sending = false;
    }
  }

  #finish() {
    const inside = this.#form.contains(document.activeElement);
    this.about(this.#cell);
    if (inside) find(this.#fold, "summary").focus();
  }
}

/** The panel beside the bar: layers over the board, films, before and after. */

import { HistoryError } from "./archive/history_error.js";
import { ownPlacements } from "./archive/own_placements.js";
import { formatsHere } from "./film/codecs.js";
import { LayerForm } from "./ui/layer_form.js";
import { Panel } from "./ui/panel.js";
import { Studio } from "./ui/studio.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Choice } from "./ui/layer_form.js"
 * @import { Layer } from "./board/layers.js"
 * @import { Past } from "./past.js"
 * @import { Words } from "./i18n/words.js"
 *
 * @typedef {object} Parts
 * @property {Host} host
 * @property {Words} words
 * @property {Past} past
 * @property {() => Worker} newWorker
 * @property {HTMLElement} button opens the panel
 * @property {() => void} again shows the moment anew
 */

const NAME = "past"; // of the panel

export class SidePanel {
  #parts;
  #form;
  #panel;

  /** @param {Parts} parts */
  constructor(parts) {
    const { host, words, past, newWorker, button } = parts;
    this.#parts = parts;
    this.#form = new LayerForm(words, (choice, color) => this.#choose(choice, color));
    const studio = new Studio(host, words, newWorker);
    this.#panel = new Panel(
      words,
      {
        film: (wanted) => studio.film(wanted),
        compare: (wanted) => studio.compare(wanted),
        cancel: () => studio.cancel(),
      },
      this.#form.element,
    );
    document.body.append(this.#panel.element);
    host.panels.adopt(NAME, button);
    formatsHere().then((formats) => this.#panel.offer(formats));
    studio.onProgress = (share) => this.#panel.showProgress(share);
    past.on("progress", (share) => this.#form.showProgress(share));
  }

  toggle() {
    this.#form.offer(this.#parts.host.colors.names);
    this.#parts.host.panels.toggle(NAME);
  }

  /** Say everything anew. */
  translate() {
    this.#form.translate();
    this.#panel.translate();
  }

  /**
   * Suggest a span for films.
   * @param {number} from ms since 1970
   * @param {number} to ms since 1970
   */
  suggest(from, to) {
    this.#panel.suggest(from, to);
  }

  /** Take layers away, and close the panel. */
  close() {
    const { panels } = this.#parts.host;
    this.#form.reset();
    this.#parts.past.lay(null);
    if (panels.current === NAME) panels.close();
  }

  /**
   * @param {Choice} choice
   * @param {number} color palette index
   */
  async #choose(choice, color) {
    const { host, words, past, again } = this.#parts;
    try {
      await past.lay(await this.#layer(choice, color));
    } catch (error) {
      this.#form.reset();
      await past.lay(null);
      const isBusy = error instanceof HistoryError && error.code === "busy";
      host.toast(words.t(isBusy ? "busy" : "lost"), "problem");
    }
    again();
  }

  /**
   * @param {Choice} kind
   * @param {number} color
   * @returns {Promise<Layer | null>}
   */
  async #layer(kind, color) {
    if (kind === "none") return null;
    if (kind === "color") return { kind, color };
    if (kind === "mine") return { kind, own: await ownPlacements(this.#parts.host.slug) };
    return { kind };
  }
}

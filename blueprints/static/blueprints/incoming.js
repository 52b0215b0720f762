/** Files, links and pictures on their way in, until they are blueprints. */

import { Converter } from "./convert/converter.js";
import { Refusal } from "./files/refusal.js";
import { w } from "./i18n/words.js";
import { Intake } from "./ui/intake.js";
import { ItemsForm } from "./ui/items_form.js";
import { PictureForm } from "./ui/picture_form.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Converted } from "./convert/conversion.js"
 * @import { Imported, Item } from "./files/importing.js"
 *
 * @typedef {object} IncomingActs
 * @property {() => void} opened a form was opened
 * @property {() => void} left it was closed
 * @property {(converted: Converted, item: Item) => void} made
 */

export class Incoming {
  #host;
  #acts;
  #intake;
  #pictureForm;
  #itemsForm;
  /** A blueprint whose picture the person is to choose. @type {Item | null} */
  #awaited = null;

  /**
   * @param {Host} host
   * @param {IncomingActs} acts
   */
  constructor(host, acts) {
    this.#host = host;
    this.#acts = acts;
    this.#intake = new Intake({ take: (imported) => this.take(imported), failed: this.#failed });
    this.#pictureForm = new PictureForm(new Converter(workerUrl()), {
      palette: () => ({ inks: this.#inks(), hexes: host.colors.hexes }),
      made: acts.made,
      left: acts.left,
      failed: this.#failed,
    });
    this.#itemsForm = new ItemsForm({ take: (item) => this.#takeItem(item), left: acts.left });
  }

  get elements() {
    return [this.#pictureForm.element, this.#itemsForm.element];
  }

  /** Let the person choose a file. */
  choose() {
    this.#awaited = null;
    this.#intake.choose();
  }

  /** @param {File} file that was dropped or pasted */
  read(file) {
    this.#intake.read(file);
  }

  close() {
    this.#awaited = null;
    this.#pictureForm.close();
    this.#itemsForm.close();
  }

  translate() {
    this.#pictureForm.translate();
    this.#itemsForm.translate();
  }

  /**
   * Take in what a file or a link says.
   * @param {Imported} imported
   */
  take({ items }) {
    const [item] = items;
    const awaited = this.#awaited;
    this.#awaited = null;
    if (awaited && item.parts.length) {
      const { title, x, y, width } = awaited;
      this.#takeItem({ ...item, title: title || item.title, x, y, width });
    } else if (items.length === 1 && item.parts.length) {
      this.#takeItem(item);
    } else {
      this.#acts.opened();
      this.#pictureForm.close();
      this.#itemsForm.open(items);
    }
  }

  /** @param {Item} item */
  async #takeItem(item) {
    if (!item.parts.length) {
      this.#intake.choose();
      this.#awaited = item;
      return;
    }
    this.#itemsForm.close();
    try {
      this.#acts.opened();
      await this.#pictureForm.open(item);
    } catch (error) {
      this.#acts.left();
      this.#failed(error);
    }
  }

  /** @param {unknown} error */
  #failed = (error) => {
    const refusal = error instanceof Refusal ? error : new Refusal("picture_broken");
    this.#host.toast(w(refusal.key, refusal.values), "problem");
  };

  /** Return the colours that may be drawn. */
  #inks() {
    const { hexes, offered } = this.#host.colors;
    return offered.filter((index) => index < 255).map((index) => ({ index, color: hexes[index] }));
  }
}

/** The worker's address, from the template: hashed names stand only there. */
function workerUrl() {
  return document.body.dataset.blueprintsWorker ?? "";
}

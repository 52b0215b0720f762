/** The intake: pictures, files and links that are chosen, handed over by the page, or pasted. */

import { readFile, readText } from "../files/importing.js";
import { Refusal } from "../files/refusal.js";
import { MOST_BYTES } from "../files/sniffing.js";
import { make } from "./elements.js";

/**
 * @import { Imported } from "../files/importing.js"
 *
 * @typedef {object} IntakeActs
 * @property {(imported: Imported) => void} take
 * @property {(error: unknown) => void} failed
 */

const ACCEPTED = "image/png,image/webp,image/gif,image/jpeg,.json,.wplace,.txt";

export class Intake {
  #acts;
  #input = make("input", { type: "file", accept: ACCEPTED, hidden: true });

  /** @param {IntakeActs} acts */
  constructor(acts) {
    this.#acts = acts;
    this.#input.addEventListener("change", () => {
      const [file] = this.#input.files ?? [];
      this.#input.value = "";
      if (file) this.read(file);
    });
    document.body.append(this.#input);
    document.addEventListener("paste", (event) => this.#paste(event));
  }

  /** Let the person choose a file. */
  choose() {
    this.#input.click();
  }

  /**
   * Take a text that is pasted; files are the page's to hand over.
   * @param {ClipboardEvent} event
   */
  #paste(event) {
    const { target, clipboardData } = event;
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
    const text = clipboardData?.getData("text/plain") ?? "";
    // A place or a name on the clipboard is none of ours: only what may be a blueprint is read.
    if (clipboardData?.files.length || !/template=|^\s*\{/.test(text)) return;
    event.preventDefault();
    this.#try(() => readText(text));
  }

  /** @param {File} file */
  async read(file) {
    if (file.size > MOST_BYTES) {
      return this.#acts.failed(new Refusal("file_large", { most: MOST_BYTES >> 20 }));
    }
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      this.#try(() => readFile(bytes, file.name));
    } catch {
      this.#acts.failed(new Refusal("file_unread"));
    }
  }

  /** @param {() => Imported} read */
  #try(read) {
    /** @type {Imported} */
    let imported;
    try {
      imported = read();
    } catch (error) {
      return this.#acts.failed(error);
    }
    this.#acts.take(imported);
  }
}

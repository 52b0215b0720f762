/** The narrator: it tells screen readers what a step in time has changed. */

/**
 * @import { Host } from "../../canvas/extensions.js"
 * @import { Frame } from "../board/past_reader.js"
 * @import { Words } from "../i18n/words.js"
 */

const QUIET_MS = 500; // after which a person has stopped moving

export class Narrator {
  #host;
  #words;
  /** The moment that was told last. @type {Frame | null} */
  #told = null;
  #timer = 0;

  /**
   * @param {Pick<Host, "announce" | "colors" | "shown">} host
   * @param {Words} words
   */
  constructor(host, words) {
    this.#host = host;
    this.#words = words;
  }

  /** Tell nothing of the next moment: it is the first one. */
  begin() {
    window.clearTimeout(this.#timer);
    this.#told = null;
  }

  /**
   * Tell what has changed, soon: the slider tells the moment itself.
   * @param {Frame} frame
   */
  moved(frame) {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#tell(frame), this.#told ? QUIET_MS : 0);
  }

  /** @param {Frame} frame */
  #tell(frame) {
    const before = this.#told ?? frame;
    this.#told = frame;
    if (this.#host.shown.live || frame.seq === before.seq) return;
    const count = frame.seq - before.seq;
    const words = [this.#words.t(count > 0 ? "later" : "earlier", { count: Math.abs(count) })];
    const { newest } = frame;
    if (count === 1 && newest) {
      const name = this.#host.colors.names[newest.color] ?? "";
      words.push(this.#words.t("drawn", { name, x: newest.x, y: newest.y }));
    }
    this.#host.announce(words.join(". "));
  }
}

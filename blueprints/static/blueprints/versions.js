/** The former versions of a shared blueprint: listed, looked at, brought back. */

import { VersionsForm } from "./ui/versions_form.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Club } from "./shared/club.js"
 * @import { Former } from "./shared/former.js"
 * @import { Saved } from "./shared/saved.js"
 * @import { Site } from "./shared/site.js"
 * @import { SharingActs } from "./sharing.js"
 */

export class Versions {
  #club;
  #site;
  #acts;
  #form;
  /** The blueprint whose versions are listed. @type {Saved | null} */
  #of = null;

  /**
   * @param {Host} host
   * @param {{club: Club, site: Site}} parts
   * @param {SharingActs} acts
   */
  constructor(host, { club, site }, acts) {
    this.#club = club;
    this.#site = site;
    this.#acts = acts;
    this.#form = new VersionsForm({
      look: ({ image }) => this.#told(site.image(image)),
      bringBack: (former) => this.#bringBack(former),
      left: acts.left,
      hexes: () => host.colors.hexes,
    });
  }

  get element() {
    return this.#form.element;
  }

  /**
   * List the versions of a blueprint, as the site has them now.
   * @param {string} id on the site
   */
  async open(id) {
    const asked = Promise.all([this.#site.find(id), this.#site.versions(id)]);
    const answer = await this.#told(asked);
    if (!answer) return;
    const [{ saved }, versions] = answer;
    this.#acts.opened();
    this.#of = saved;
    this.#form.open(versions, saved);
  }

  close() {
    this.#of = null;
    this.#form.close();
  }

  /** @param {Former} former */
  async #bringBack(former) {
    const of = this.#of;
    if (!of) return;
    await this.#club.bringBack(former, of);
    if (this.#of === of) await this.open(of.id);
  }

  /**
   * Return an answer of the site; null where there is none, which is said.
   * @template T
   * @param {Promise<T>} asked
   */
  async #told(asked) {
    try {
      return await asked;
    } catch (error) {
      this.#club.failed(error);
      return null;
    }
  }
}

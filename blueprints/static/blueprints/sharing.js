/** Sharing: saving on the site, the list of what one has there, links, copies, reports. */

import { w } from "./i18n/words.js";
import { middleOf } from "./sight.js";
import { MineForm } from "./ui/mine_form.js";
import { SaveForm } from "./ui/save_form.js";
import { SignIn } from "./ui/sign_in.js";
import { Versions } from "./versions.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Club } from "./shared/club.js"
 * @import { Listed, Site } from "./shared/site.js"
 * @import { Shelf, Shelved } from "./model/shelf.js"
 * @import { SharedActs } from "./ui/shared_part.js"
 *
 * @typedef {object} SharingActs
 * @property {() => void} opened a form was opened
 * @property {() => void} left it was closed
 */

export class Sharing {
  #host;
  #shelf;
  #club;
  #site;
  #acts;
  #saveForm;
  #mineForm;
  #signIn;
  #versions;

  /**
   * @param {Host} host
   * @param {{shelf: Shelf, club: Club, site: Site}} parts
   * @param {SharingActs} acts
   */
  constructor(host, { shelf, club, site }, acts) {
    this.#host = host;
    this.#shelf = shelf;
    this.#club = club;
    this.#site = site;
    this.#acts = acts;
    const save = club.save.bind(club);
    this.#saveForm = new SaveForm({ save, left: acts.left });
    this.#mineForm = new MineForm({
      open: (id) => this.#open(id),
      remove: (listed) => this.#giveUp(listed, "remove_site_sure", (id) => site.remove(id)),
      leave: (listed) => this.#giveUp(listed, "leave_site_sure", (id) => site.leave(id)),
      left: acts.left,
    });
    this.#signIn = new SignIn(acts.left);
    this.#versions = new Versions(host, { club, site }, acts);
  }

  get elements() {
    const forms = [this.#saveForm, this.#mineForm, this.#signIn, this.#versions];
    return forms.map(({ element }) => element);
  }

  close() {
    this.#saveForm.close();
    this.#mineForm.close();
    this.#signIn.close();
    this.#versions.close();
  }

  /** Show what the person has saved on the site. */
  async openMine() {
    if (this.#isGuest()) return;
    try {
      const mine = await this.#site.mine();
      this.#acts.opened();
      this.#mineForm.open(mine);
    } catch (error) {
      this.#club.failed(error);
    }
  }

  /**
   * Return what can be done with one of the shelf.
   * @param {string} id
   * @returns {SharedActs}
   */
  actsOf(id) {
    return {
      save: () => this.#with(id, (blueprint) => this.#save(blueprint)),
      copyPage: () => this.#with(id, (blueprint) => this.#copyPage(blueprint)),
      copy: () => this.#with(id, (blueprint) => this.#copy(blueprint)),
      versions: () => this.#with(id, ({ saved }) => saved && this.#versions.open(saved.id)),
      report: (complaint) => this.#with(id, (blueprint) => this.#report(blueprint, complaint)),
    };
  }

  /**
   * @param {string} id
   * @param {(blueprint: Shelved) => void} act
   */
  #with(id, act) {
    const blueprint = this.#shelf.find(id);
    if (blueprint) act(blueprint);
  }

  /** @param {string} id on the site */
  async #open(id) {
    this.#acts.left();
    await this.#club.open(this.#club.fetch(id));
  }

  /**
   * @param {Listed} listed
   * @param {"remove_site_sure" | "leave_site_sure"} question
   * @param {(id: string) => Promise<void>} act
   */
  async #giveUp({ title, saved }, question, act) {
    if (!window.confirm(w(question, { title }))) return;
    try {
      await act(saved.id);
      this.#mineForm.open(await this.#site.mine());
    } catch (error) {
      this.#club.failed(error);
    }
  }

  /** @param {Shelved} blueprint */
  #save(blueprint) {
    if (this.#isGuest()) return;
    this.#acts.opened();
    this.#saveForm.open(blueprint);
  }

  /** @param {Shelved} blueprint */
  async #copyPage(blueprint) {
    const url = new URL(window.location.href);
    const { saved, image } = blueprint;
    const { x, y } = middleOf(blueprint);
    url.search = String(new URLSearchParams({ t: saved?.id ?? "" }));
    url.hash = `${x},${y},${zoomFor(image)}`;
    try {
      await navigator.clipboard.writeText(url.href);
      this.#host.toast(w("link_copied"));
    } catch {
      this.#host.toast(w("link_failed"), "problem");
    }
  }

  /** @param {Shelved} blueprint */
  async #copy({ saved }) {
    if (this.#isGuest() || !saved) return;
    try {
      const { saved: made } = await this.#site.copy(saved.id);
      await this.#club.open(this.#club.fetch(made.id));
    } catch (error) {
      this.#club.failed(error);
    }
  }

  /**
   * @param {Shelved} blueprint
   * @param {{reason: string, text: string}} complaint
   */
  async #report({ saved }, complaint) {
    try {
      await this.#site.report(saved?.id ?? "", complaint);
      this.#host.toast(w("reported"));
    } catch (error) {
      this.#club.failed(error);
    }
  }

  /** Offer a guest to sign in first: what is on the shelf stays in this browser meanwhile. */
  #isGuest() {
    const { guest } = this.#host.session.me;
    if (guest) {
      this.#acts.opened();
      this.#signIn.open();
    }
    return guest;
  }
}

/**
 * Return a zoom at which a picture fits a phone.
 * @param {{width: number, height: number}} image
 */
function zoomFor({ width, height }) {
  return Math.max(1, Math.min(16, Math.floor(320 / Math.max(width, height))));
}

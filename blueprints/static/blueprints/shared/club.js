/** Shared blueprints: opened by a link, followed through their versions, taken away. */

import { fieldsOf } from "../files/fields.js";
import { w } from "../i18n/words.js";
import { ID } from "./saved.js";
import { listedOf } from "./site.js";
import { SiteError } from "./site_error.js";

/**
 * @import { Host } from "../../canvas/extensions.js"
 * @import { Fields } from "../files/fields.js"
 * @import { Desk } from "../desk.js"
 * @import { Shelf, Shelved } from "../model/shelf.js"
 * @import { Image } from "../model/image.js"
 * @import { Former } from "./former.js"
 * @import { Saved } from "./saved.js"
 * @import { Listed, Saving, Site } from "./site.js"
 *
 * @typedef {{listed: Listed, image: Image}} Fetched
 */

/** Open on one socket at a time. */
const MOST_OPEN = 16;

export class Club {
  #host;
  #shelf;
  #desk;
  #site;
  /** Hidden or deleted ones, which may be shown again. @type {Set<string>} */
  #gone = new Set();
  /** Versions that this page is about to make. @type {Promise<unknown>} */
  #making = Promise.resolve();
  #told = JSON.stringify({ type: "blueprint_open", ids: [] });

  /**
   * @param {Host} host
   * @param {{shelf: Shelf, desk: Desk, site: Site}} parts
   */
  constructor(host, { shelf, desk, site }) {
    this.#host = host;
    this.#shelf = shelf;
    this.#desk = desk;
    this.#site = site;
    host.connection.on("event", (event) => this.#hear(fieldsOf(event) ?? {}));
    shelf.on("list", () => this.#tell());
  }

  /**
   * Fetch one by its id on the site, to be opened as soon as the shelf is ready.
   * @param {string} id
   * @returns {Promise<Fetched>}
   */
  async fetch(id) {
    if (!ID.test(id)) throw new SiteError("blueprint_unknown");
    const listed = await this.#site.find(id);
    return { listed, image: await this.#site.image(listed.saved.image) };
  }

  /**
   * Open one.
   * @param {Promise<Fetched>} fetched
   * @param {(shelved: string) => void} [show] brings it into sight
   */
  async open(fetched, show = (shelved) => this.#desk.show(shelved)) {
    try {
      const shelved = this.#take(await fetched);
      if (shelved) show(shelved);
      const title = this.#shelf.find(shelved ?? "")?.title || w("untitled");
      if (shelved) this.#host.toast(w("laid", { title }));
    } catch (error) {
      this.failed(error);
    }
  }

  /**
   * Save one on the site, or another version of it.
   * @param {Shelved} blueprint
   * @param {Saving} saving
   * @returns {Promise<Shelved | null>} what is still to be saved; null once it is
   */
  save(blueprint, saving) {
    return this.#make(() => this.#save(blueprint, saving));
  }

  /**
   * @param {Shelved} blueprint
   * @param {Saving} saving
   */
  async #save(blueprint, saving) {
    const { id, image, saved } = blueprint;
    const before = saved?.mayEdit ? saved : null;
    try {
      const listed = await this.#site.save(saving, image, before);
      this.#shelf.change(id, { title: listed.title, saved: listed.saved });
      this.#host.toast(w("saved"));
      return null;
    } catch (error) {
      this.failed(error);
      const outdated = error instanceof SiteError && error.code === "blueprint_outdated";
      return outdated ? await this.#onTop(blueprint) : blueprint;
    }
  }

  /**
   * Make a former version of one the newest.
   * @param {Former} former
   * @param {Saved} saved what is the newest one now
   */
  bringBack(former, saved) {
    return this.#make(() => this.#bringBack(former, saved));
  }

  /**
   * @param {Former} former
   * @param {Saved} saved
   */
  async #bringBack(former, saved) {
    try {
      const listed = await this.#site.bringBack(former, saved);
      this.#host.toast(w("brought_back", { version: former.version }));
      const image = await this.#site.image(listed.saved.image);
      const known = this.#shelved(saved.id);
      if (known) this.#take({ listed, image });
    } catch (error) {
      this.failed(error);
    }
  }

  /**
   * Make a version. What the socket tells meanwhile waits: it may be this very version.
   * @template T
   * @param {() => Promise<T>} act
   */
  #make(act) {
    const made = act();
    this.#making = made.catch(() => {});
    return made;
  }

  /** @param {unknown} error */
  failed(error) {
    const { code, detail } = error instanceof SiteError ? error : new SiteError("lost");
    const known = code === "login_required" || code === "blueprint_unknown";
    const outdated = code === "blueprint_outdated" ? ` ${w("save_again")}` : "";
    const words = known ? w(code) : detail || w("site_failed");
    this.#host.toast(words + outdated, "problem");
  }

  /**
   * Lay what a person has tried to save on top of the newest version, to be saved again.
   * @param {Shelved} blueprint
   * @returns {Promise<Shelved>}
   */
  async #onTop(blueprint) {
    const { id, x, y, image, saved } = blueprint;
    const newest = await this.#site.find(saved?.id ?? "").catch(() => null);
    if (newest) this.#shelf.change(id, { x, y, image, saved: newest.saved });
    return this.#shelf.find(id) ?? blueprint;
  }

  /**
   * Put one on the shelf, or bring the one there up to date.
   * @param {Fetched} fetched
   * @returns {string | null} its id on the shelf
   */
  #take({ listed: { title, x, y, saved }, image }) {
    this.#gone.delete(saved.id);
    const known = this.#shelved(saved.id);
    if (!known) return this.#desk.add({ title, x, y, image, on: true, samples: [], saved });
    this.#shelf.change(known.id, { title, x, y, image, on: true, saved });
    return known.id;
  }

  /** @param {string} id on the site */
  #shelved(id) {
    return this.#shelf.all.find(({ saved }) => saved?.id === id);
  }

  /** @param {Fields} event of the socket */
  #hear(event) {
    if (event.type === "hello") this.#tell(true);
    if (event.type === "blueprint_changed") this.#changed(event);
    if (event.type === "blueprint_gone" && typeof event.blueprint === "string") {
      this.#takeAway(event.blueprint);
    }
  }

  /** @param {Fields} event */
  async #changed(event) {
    await this.#making;
    const { blueprint: id, version } = event;
    const known = this.#shelved(String(id));
    const back = this.#gone.has(String(id));
    if (!back && (!known?.saved || known.saved.version === version)) return;
    try {
      const mayEdit = known?.saved?.mayEdit ?? false;
      const listed = listedOf({ ...event, id, may_edit: mayEdit, is_mine: known?.saved?.isMine });
      const image = await this.#site.image(listed.saved.image);
      const shelved = this.#take({ listed, image });
      if (shelved) this.#host.toast(w("new_version", { title: listed.title || w("untitled") }));
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {string} id on the site */
  #takeAway(id) {
    const known = this.#shelved(id);
    if (!known) return;
    this.#gone.add(id);
    this.#shelf.remove(known.id);
    this.#host.toast(w("gone", { title: known.title || w("untitled") }), "problem");
  }

  /**
   * Tell the server which are open, where it does not know.
   * @param {boolean} [anew] the socket is another
   */
  #tell(anew = false) {
    const open = this.#shelf.all.flatMap(({ on, saved }) => (on && saved ? [saved.id] : []));
    const ids = [...open, ...this.#gone].slice(0, MOST_OPEN);
    const [first] = open;
    const { address } = this.#host;
    if (first) address.kept.t = first;
    else delete address.kept.t;
    address.note();
    const message = JSON.stringify({ type: "blueprint_open", ids });
    const needed = anew ? ids.length > 0 : message !== this.#told;
    if (needed && this.#host.connection.send(message)) this.#told = message;
  }
}

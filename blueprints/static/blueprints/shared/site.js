/** The blueprints of the site, over its HTTP API: `docs/blueprints-api.md`. */

import { wholeAnswer } from "../../canvas/sync/whole_answer.js";
import { fieldsOf, wholeOf } from "../files/fields.js";
import { decodeImage, encodeImage } from "../model/image.js";
import { formerOf } from "./former.js";
import { savedOf } from "./saved.js";
import { SiteError } from "./site_error.js";

/**
 * @import { Timers } from "../../canvas/lib/named_timers.js"
 * @import { Fields } from "../files/fields.js"
 * @import { Image } from "../model/image.js"
 * @import { Former } from "./former.js"
 * @import { Saved } from "./saved.js"
 *
 * A blueprint of the site, without its image.
 * @typedef {object} Listed
 * @property {string} title
 * @property {number} x
 * @property {number} y
 * @property {Saved} saved
 *
 * @typedef {object} Saving
 * @property {string} title
 * @property {string} description
 * @property {string} link
 * @property {number} x
 * @property {number} y
 * @property {string[]} [coeditors]
 */

const DEADLINE_MS = 20_000; // of what is written, beside the time that its bytes take
const SLOWEST = 10; // bytes a ms: a network that sends fewer is given up
const LONGEST_TITLE = 60;

export class Site {
  #canvas;
  #timers;

  /**
   * @param {string} canvas its slug
   * @param {Timers} timers
   */
  constructor(canvas, timers) {
    this.#canvas = canvas;
    this.#timers = timers;
  }

  /**
   * Fetch a blueprint.
   * @param {string} id
   */
  async find(id) {
    return listedOf(await this.#json("GET", `/api/blueprints/${id}`));
  }

  /** Fetch those of the person on this canvas. */
  async mine() {
    const query = new URLSearchParams({ canvas: this.#canvas });
    const { blueprints } = await this.#json("GET", `/api/blueprints?${query}`);
    if (!Array.isArray(blueprints)) throw new SiteError("lost");
    return blueprints.map((each) => listedOf(fieldsOf(each) ?? {}));
  }

  /**
   * Fetch an image.
   * @param {string} sha256
   * @returns {Promise<Image>}
   */
  async image(sha256) {
    const response = await this.#fetch("GET", `/api/blueprints/images/${sha256}`);
    return decodeImage(new Uint8Array(await response.arrayBuffer()));
  }

  /**
   * Save a new blueprint, or another version of one.
   * @param {Saving} saving
   * @param {Image} image
   * @param {Saved | null} before
   */
  async save(saving, image, before) {
    const query = new URLSearchParams({ canvas: this.#canvas });
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (encodeImage(image));
    const response = await this.#fetch("POST", `/api/blueprints/images?${query}`, bytes);
    const { sha256 } = fieldsOf(await response.json()) ?? {};
    const body = { ...saving, image: sha256 };
    const saved = before
      ? this.#json("PUT", `/api/blueprints/${before.id}`, { ...body, version: before.version })
      : this.#json("POST", "/api/blueprints", { ...body, canvas: this.#canvas });
    return listedOf(await saved);
  }

  /**
   * Fetch the newest versions of a blueprint, the newest first.
   * @param {string} id
   */
  async versions(id) {
    const { versions } = await this.#json("GET", `/api/blueprints/${id}/versions`);
    if (!Array.isArray(versions)) throw new SiteError("lost");
    return versions.map((each) => formerOf(fieldsOf(each) ?? {}));
  }

  /**
   * Save a former version as the newest one.
   * @param {Former} former
   * @param {Saved} before what is the newest one now
   */
  async bringBack({ title, x, y, image }, { id, version }) {
    const body = { title, x, y, image, version };
    return listedOf(await this.#json("PUT", `/api/blueprints/${id}`, body));
  }

  /**
   * Make one of one's own of another's.
   * @param {string} id
   */
  async copy(id) {
    return listedOf(await this.#json("POST", `/api/blueprints/${id}/copy`, {}));
  }

  /** @param {string} id */
  async remove(id) {
    await this.#fetch("DELETE", `/api/blueprints/${id}`);
  }

  /**
   * Be no co-editor of one any more.
   * @param {string} id
   */
  async leave(id) {
    await this.#fetch("POST", `/api/blueprints/${id}/leave`, "{}");
  }

  /**
   * Tell the moderators of one.
   * @param {string} id
   * @param {{reason: string, text: string}} complaint
   */
  async report(id, complaint) {
    await this.#json("POST", `/api/blueprints/${id}/report`, complaint);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<Fields>}
   */
  async #json(method, path, body) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await this.#fetch(method, path, text);
    const fields = fieldsOf(await response.json().catch(() => null));
    if (!fields) throw new SiteError("lost");
    return fields;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {string | Uint8Array<ArrayBuffer>} [body] JSON, or an image
   */
  async #fetch(method, path, body) {
    const type = typeof body === "string" ? "application/json" : "application/octet-stream";
    const headers = { "Content-Type": type, "X-CSRFToken": csrfToken() };
    const signal = AbortSignal.timeout(DEADLINE_MS + (body?.length ?? 0) / SLOWEST);
    const response = await (method === "GET"
      ? wholeAnswer((quiet) => fetch(path, { signal: quiet }), this.#timers)
      : fetch(path, { method, headers, body, signal })
    ).catch(() => null);
    if (!response) throw new SiteError("lost");
    if (response.ok) return response;
    const { code, detail } = fieldsOf(await response.json().catch(() => null)) ?? {};
    throw new SiteError(String(code ?? "lost"), typeof detail === "string" ? detail : "");
  }
}

/**
 * Read a blueprint as the site tells it.
 * @param {Fields} told
 * @returns {Listed}
 */
export function listedOf(told) {
  const saved = savedOf({ ...told, mayEdit: told.may_edit, isMine: told.is_mine });
  const [x, y] = [wholeOf(told.x), wholeOf(told.y)];
  if (!saved || x === null || y === null) throw new SiteError("lost");
  const title = typeof told.title === "string" ? told.title.slice(0, LONGEST_TITLE) : "";
  return { title, x, y, saved };
}

/** The cookie's value that proves to the server that a request comes from this page. */
function csrfToken() {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

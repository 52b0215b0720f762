/** The HTTP API of a canvas. */

/**
 * @import { CanvasRules, Complaint, PixelDetails, Problem } from "../sync/protocol.js"
 * @import { Snapshot } from "../sync/protocol.js"
 */

// Trying again would get the same answer.
const FINAL = [401, 403, 404];

/** An answer that is not 2xx. */
export class HttpError extends Error {
  /**
   * @param {number} status
   * @param {Problem} body
   */
  constructor(status, { code, detail } = {}) {
    super(detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = code ?? "unavailable";
    this.detail = detail;
    this.stop = FINAL.includes(status);
  }
}

export class Api {
  #slug;

  /** @param {string} slug of the canvas */
  constructor(slug) {
    this.#slug = slug;
  }

  /**
   * Fetch the rules of the canvas.
   * @returns {Promise<CanvasRules>}
   */
  async canvas() {
    return (await this.#get("/api/canvas")).json();
  }

  /**
   * Fetch the board.
   * @returns {Promise<Snapshot>}
   */
  async board() {
    const response = await this.#get("/api/canvas/board");
    /** @param {string} name */
    const header = (name) => response.headers.get(`X-Canvas-${name}`);
    return {
      seq: Number(header("Seq")),
      epoch: header("Epoch"),
      width: Number(header("Width")),
      height: Number(header("Height")),
      bytes: new Uint8Array(await response.arrayBuffer()),
    };
  }

  /**
   * Fetch the last placement on a cell, and those before it.
   * @param {number} x
   * @param {number} y
   * @returns {Promise<PixelDetails>}
   */
  async pixel(x, y) {
    return (await this.#get("/api/pixel", { x: String(x), y: String(y) })).json();
  }

  /**
   * Send a complaint to the moderators.
   * @param {Complaint} complaint
   */
  async report(complaint) {
    await this.#fetch("/api/report", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ canvas: this.#slug, ...complaint }),
    });
  }

  /**
   * @param {string} path
   * @param {Record<string, string>} [query]
   */
  #get(path, query = {}) {
    return this.#fetch(`${path}?${new URLSearchParams({ canvas: this.#slug, ...query })}`);
  }

  /**
   * @param {string} url
   * @param {RequestInit} [options]
   */
  async #fetch(url, options) {
    const response = await fetch(url, options);
    if (!response.ok) throw new HttpError(response.status, await response.json().catch(() => ({})));
    return response;
  }
}

/** The cookie's value that proves to the server that a request comes from this page. */
function csrfToken() {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

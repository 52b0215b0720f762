/** The HTTP API of a canvas. */

import { areRules, HttpError, jsonIn, pictureIn, refusalIn, snapshotIn } from "./answer.js";

/**
 * @import { Fetching } from "../sync/loader.js"
 * @import { CanvasRules, Changes, Complaint, PixelDetails } from "../sync/protocol.js"
 * @import { PlaceCommand, Placed, Region, Snapshot } from "../sync/protocol.js"
 */

// The server answers in milliseconds, and gives up by itself before this.
const DEADLINE_MS = 12_000;

export class Api {
  #slug;

  /** @param {string} slug of the canvas */
  constructor(slug) {
    this.#slug = slug;
  }

  /**
   * Fetch the rules of the canvas.
   * @param {AbortSignal} [signal] ends the fetch
   * @returns {Promise<CanvasRules>}
   */
  async canvas(signal) {
    return jsonIn(await this.#get("/api/canvas", {}, signal), areRules);
  }

  /**
   * Fetch the board. It may be large: there is no deadline but the signal.
   * @param {Fetching} fetching
   * @returns {Promise<Snapshot>}
   */
  async board({ signal, heard }) {
    return snapshotIn(await this.#get("/api/canvas/board", {}, signal), heard);
  }

  /**
   * Fetch the placements after a seq, a page at a time.
   * @param {number} since
   * @param {string | null} epoch
   * @returns {Promise<Changes>}
   */
  async changes(since, epoch) {
    const position = { since: String(since), ...(epoch === null ? {} : { epoch }) };
    return jsonIn(await this.#get("/api/canvas/changes", position), ({ seq, placements }) => {
      return Number.isFinite(seq) && Array.isArray(placements);
    });
  }

  /**
   * Fetch the last placement on a cell, and those before it.
   * @param {number} x
   * @param {number} y
   * @param {number} [seq] the last one up to then
   * @returns {Promise<PixelDetails>}
   */
  async pixel(x, y, seq) {
    const query = { x: String(x), y: String(y), ...until(seq) };
    const response = await this.#get("/api/pixel", query);
    return jsonIn(response, ({ color }) => typeof color === "string");
  }

  /**
   * Fetch a region of the board as a picture.
   * @param {Region} region
   * @param {number} [seq] as it was then; now when left out
   * @returns {Promise<Blob>}
   */
  async picture(region, seq) {
    const query = Object.entries({ ...region, ...until(seq) }).map(([name, value]) => [
      name,
      String(value),
    ]);
    return pictureIn(await this.#get("/api/canvas/board.png", Object.fromEntries(query)));
  }

  /**
   * Place a pixel.
   * @param {PlaceCommand} command
   * @returns {Promise<Placed>}
   */
  async place(command) {
    const response = await this.#send("PUT", "/api/pixel", command);
    return jsonIn(response, ({ seq }) => Number.isFinite(seq));
  }

  /**
   * Send a complaint to the moderators.
   * @param {Complaint} complaint
   */
  async report(complaint) {
    await jsonIn(await this.#send("POST", "/api/report", complaint), () => true);
  }

  /**
   * @param {string} path
   * @param {Record<string, string>} [query]
   * @param {AbortSignal} [signal]
   */
  #get(path, query = {}, signal = AbortSignal.timeout(DEADLINE_MS)) {
    const url = `${path}?${new URLSearchParams({ canvas: this.#slug, ...query })}`;
    return this.#fetch(url, { signal });
  }

  /**
   * @param {"POST" | "PUT"} method
   * @param {string} path
   * @param {object} body
   */
  #send(method, path, body) {
    return this.#fetch(path, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ canvas: this.#slug, ...body }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
  }

  /**
   * @param {string} url
   * @param {RequestInit} options
   */
  async #fetch(url, options) {
    let response;
    try {
      response = await fetch(url, options);
    } catch {
      throw new HttpError("lost");
    }
    if (!response.ok) throw await refusalIn(response);
    return response;
  }
}

/**
 * Return the query that names a moment of the past.
 * @param {number} [seq]
 * @returns {{seq?: string}}
 */
function until(seq) {
  return seq === undefined ? {} : { seq: String(seq) };
}

/** The cookie's value that proves to the server that a request comes from this page. */
function csrfToken() {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

/** The HTTP API. */

export class HttpError extends Error {
  /** @param {number} status @param {{code?: string, detail?: string}} body */
  constructor(status, { code, detail } = {}) {
    super(detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = code ?? "unavailable";
    this.detail = detail;
    /** Trying again would get the same answer. */
    this.stop = [401, 403, 404].includes(status);
  }
}

export class Api {
  #slug;

  /** @param {string} slug of the canvas */
  constructor(slug) {
    this.#slug = slug;
  }

  /** @returns {Promise<object>} size, palette, cooldown */
  async canvas() {
    return (await this.#get("/api/canvas")).json();
  }

  /** @returns {Promise<import("./stream.js").Snapshot>} */
  async board() {
    const response = await this.#get("/api/canvas/board");
    const header = (name) => response.headers.get(`X-Canvas-${name}`);
    return {
      seq: Number(header("Seq")),
      epoch: header("Epoch"),
      width: Number(header("Width")),
      height: Number(header("Height")),
      bytes: new Uint8Array(await response.arrayBuffer()),
    };
  }

  /** @returns {Promise<object>} who drew it last, and its history */
  async pixel(x, y) {
    return (await this.#get("/api/pixel", { x, y })).json();
  }

  async #get(path, query = {}) {
    const response = await fetch(`${path}?${new URLSearchParams({ canvas: this.#slug, ...query })}`);
    if (!response.ok) throw new HttpError(response.status, await response.json().catch(() => ({})));
    return response;
  }
}

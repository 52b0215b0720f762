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

  /** @returns {Promise<import("../sync/stream.js").Snapshot>} */
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

  /** @param {{x: number, y: number, reason: string, text: string}} complaint for the moderators */
  async report(complaint) {
    await this.#fetch("/api/report", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ canvas: this.#slug, ...complaint }),
    });
  }

  #get(path, query = {}) {
    return this.#fetch(`${path}?${new URLSearchParams({ canvas: this.#slug, ...query })}`);
  }

  async #fetch(url, options) {
    const response = await fetch(url, options);
    if (!response.ok) throw new HttpError(response.status, await response.json().catch(() => ({})));
    return response;
  }
}

/** What proves to the server that a request of somebody signed in comes from this page. */
function csrfToken() {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

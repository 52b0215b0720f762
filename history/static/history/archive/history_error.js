/** Errors of fetching the past, and of making a film of it. */

/**
 * An error with a code: nothing came (`lost`, `busy`), it has another hash than was asked for
 * (`damaged`), or no film can be made of it (`encoder`).
 */
export class HistoryError extends Error {
  /**
   * @param {"lost" | "busy" | "damaged" | "encoder"} code
   * @param {string} name of what was asked for
   */
  constructor(code, name) {
    super(`${code}: ${name}`);
    this.code = code;
  }

  /**
   * Tell of an answer without what was asked for: many ask now, or it is not to be had.
   * @param {{status: number}} answer
   * @param {string} name
   */
  static of({ status }, name) {
    return new HistoryError(status === 429 || status === 503 ? "busy" : "lost", name);
  }
}

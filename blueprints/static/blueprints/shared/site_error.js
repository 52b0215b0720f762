/** A refusal of the site, or its silence. */

export class SiteError extends Error {
  /**
   * @param {string} code
   * @param {string} [detail] its words, in English
   */
  constructor(code, detail = "") {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

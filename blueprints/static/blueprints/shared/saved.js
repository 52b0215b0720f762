/** The site's record of a blueprint that is saved there. */

import { fieldsOf } from "../files/fields.js";

/**
 * @typedef {object} Saved
 * @property {string} id on the site
 * @property {number} version
 * @property {string} image its sha256
 * @property {string} description
 * @property {string} link shown as text, opened only by choice
 * @property {string | null} owner null where the account is deleted
 * @property {boolean} mayEdit
 * @property {boolean} isMine
 * @property {string[]} coeditors names
 */

export const ID = /^[a-z0-9]{10}$/;
const MOST_COEDITORS = 10;
const LINK = /^https?:\/\/[\x21-\x7e]{1,190}$/;

/**
 * Return what proves to be such; null for everything else.
 * @param {unknown} value
 * @returns {Saved | null}
 */
export function savedOf(value) {
  const fields = fieldsOf(value) ?? {};
  const { id, version, image, description, link, owner, mayEdit, isMine } = fields;
  if (typeof id !== "string" || !ID.test(id)) return null;
  if (!Number.isInteger(version) || typeof image !== "string") return null;
  return {
    id,
    version: Number(version),
    image,
    description: typeof description === "string" ? description.slice(0, 500) : "",
    link: typeof link === "string" && LINK.test(link) ? link : "",
    owner: typeof owner === "string" ? owner : null,
    mayEdit: mayEdit === true,
    isMine: isMine === true,
    coeditors: namesOf(fields.coeditors),
  };
}

/** @param {unknown} value */
function namesOf(value) {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_COEDITORS).filter((each) => typeof each === "string");
}

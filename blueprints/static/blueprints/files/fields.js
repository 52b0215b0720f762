/** Reading fields of files that anyone may have written: a value of the right kind, or none. */

import { cleanName } from "../../canvas/lib/names.js";

const FARTHEST = 1_000_000; // cells
const LONGEST_TITLE = 32; // characters
const LONGEST_SOURCE = 500; // characters
const DATA_URL = /^data:image\/(?:png|webp|jpeg|gif);base64,/;

/** @typedef {Readonly<Record<string, unknown>>} Fields */

/**
 * Return an object's fields; null for everything else.
 * @param {unknown} value
 * @returns {Fields | null}
 */
export function fieldsOf(value) {
  const plain = typeof value === "object" && value !== null && !Array.isArray(value);
  return plain ? /** @type {Fields} */ (value) : null;
}

/**
 * Return a whole number of cells, from a number or its digits; null for everything else.
 * @param {unknown} value
 */
export function wholeOf(value) {
  if (typeof value === "string" && !/^\s*-?\d{1,9}\s*$/.test(value)) return null;
  if (typeof value !== "number" && typeof value !== "string") return null;
  const number = Number(value);
  return Number.isInteger(number) && Math.abs(number) <= FARTHEST ? number : null;
}

/**
 * Return a title that can be shown; empty where there is none.
 * @param {unknown} value
 */
export function titleOf(value) {
  if (typeof value !== "string") return "";
  return cleanName([...value.slice(0, 200)].slice(0, LONGEST_TITLE).join("")) ?? "";
}

/**
 * Return the address of a picture as text, to be shown and never fetched.
 * @param {unknown} value
 */
export function sourceOf(value) {
  return typeof value === "string" && !DATA_URL.test(value) ? value.slice(0, LONGEST_SOURCE) : "";
}

/**
 * Return the bytes of a picture in a data URL; null for everything else.
 * @param {unknown} value
 */
export function pictureOf(value) {
  if (typeof value !== "string") return null;
  const match = DATA_URL.exec(value);
  return match ? base64Of(value.slice(match[0].length)) : null;
}

/**
 * Return the bytes that Base64 stands for; null where it is none.
 * @param {unknown} value
 */
export function base64Of(value) {
  if (typeof value !== "string" || !value) return null;
  try {
    return Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

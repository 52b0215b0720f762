/** Rows that were stored by any version of the page: believed only where all of it proves right. */

import { fieldsOf, sourceOf, titleOf, wholeOf } from "../files/fields.js";
import { checkColors, MOST_SIDE } from "../model/image.js";
import { savedOf } from "../shared/saved.js";

/**
 * @import { Image } from "../model/image.js"
 * @import { Sample } from "../model/pace.js"
 * @import { Blueprint } from "../model/shelf.js"
 */

const MOST_SAMPLES = 61;

/**
 * Return a stored blueprint; null where it cannot be believed.
 * @param {unknown} row
 * @returns {Blueprint | null}
 */
export function believed(row) {
  const { id, title, x, y, on, image: stored, samples, saved } = fieldsOf(row) ?? {};
  const image = imageOf(stored);
  const [column, line] = [wholeOf(x), wholeOf(y)];
  if (typeof id !== "string" || !id || !image || column === null || line === null) return null;
  return {
    id,
    title: saved ? sourceOf(title).slice(0, 60) : titleOf(title),
    x: column,
    y: line,
    on: on === true,
    image,
    samples: samplesOf(samples),
    saved: savedOf(saved),
  };
}

/**
 * @param {unknown} value
 * @returns {Image | null}
 */
function imageOf(value) {
  const { width, height, colors, cells } = fieldsOf(value) ?? {};
  const [wide, high] = [wholeOf(width), wholeOf(height)];
  if (!wide || !high || wide < 0 || high < 0 || wide > MOST_SIDE || high > MOST_SIDE) return null;
  if (!(cells instanceof Uint8Array) || cells.length !== wide * high) return null;
  if (!Array.isArray(colors) || !colors.every(isColor)) return null;
  const image = { width: wide, height: high, colors, cells };
  try {
    checkColors(image);
  } catch {
    return null;
  }
  return image;
}

/** @param {unknown} value */
function isColor(value) {
  const { index, color } = fieldsOf(value) ?? {};
  return wholeOf(index) !== null && typeof color === "string" && /^#[0-9A-F]{6}$/.test(color);
}

/**
 * @param {unknown} value
 * @returns {Sample[]}
 */
function samplesOf(value) {
  if (!Array.isArray(value)) return [];
  return value.slice(-MOST_SAMPLES).filter((each) => {
    const { at, right } = fieldsOf(each) ?? {};
    return Number.isFinite(at) && wholeOf(right) !== null;
  });
}

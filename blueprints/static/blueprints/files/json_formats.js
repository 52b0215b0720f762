/** Formats in JSON with one picture a template: endu and Charity, `.wplace`, Overlay Pro. */

import { fieldsOf, pictureOf, sourceOf, titleOf, wholeOf } from "./fields.js";

/**
 * @import { Fields } from "./fields.js"
 * @import { Imported, Item } from "./importing.js"
 */

const MOST_TEMPLATES = 100;

/**
 * Read a feed of endu or Charity.
 * @param {Fields} fields
 * @returns {Imported | null} null for another format
 */
export function endu({ templates }) {
  if (!Array.isArray(templates)) return null;
  const items = templates.slice(0, MOST_TEMPLATES).flatMap((each) => {
    const template = fieldsOf(each);
    return template && Array.isArray(template.sources) ? [ofEndu(template)] : [];
  });
  return { format: "endu", items };
}

/**
 * @param {Fields} template
 * @returns {Item}
 */
function ofEndu({ name, sources, x, y }) {
  const [source] = Array.isArray(sources) ? sources : [];
  return { ...itemOf(name, source), x: wholeOf(x), y: wholeOf(y) };
}

/**
 * Read a `.wplace` file. Its bounds are on the globe: the place is asked for, unless the name
 * ends with it, as this site writes it.
 * @param {Fields} fields
 * @returns {Imported | null}
 */
export function wplace({ name, image, schemaVersion }) {
  const picture = fieldsOf(image);
  if (!picture || schemaVersion === undefined) return null;
  const item = itemOf(name, picture.dataUrl ?? picture.data);
  const match = typeof name === "string" ? /^(.*) \((-?\d{1,6}), (-?\d{1,6})\)$/.exec(name) : null;
  if (!match) return { format: "wplace", items: [item] };
  const [, title, x, y] = match;
  const placed = { ...item, title: titleOf(title), x: wholeOf(x), y: wholeOf(y) };
  return { format: "wplace", items: [placed] };
}

/**
 * Read what Overlay Pro copies. Its offsets are within a tile of the globe.
 * @param {Fields} fields
 * @returns {Imported | null}
 */
export function overlayPro({ name, imageUrl, pixelUrl, offsetX, offsetY }) {
  if (typeof imageUrl !== "string" || (pixelUrl === undefined && offsetX === undefined))
    return null;
  const item = { ...itemOf(name, imageUrl), x: wholeOf(offsetX), y: wholeOf(offsetY) };
  return { format: "overlay_pro", items: [item] };
}

/**
 * @param {unknown} name
 * @param {unknown} picture a data URL, or an address
 * @returns {Item}
 */
function itemOf(name, picture) {
  const bytes = pictureOf(picture);
  return {
    title: titleOf(name),
    x: null,
    y: null,
    width: null,
    parts: bytes ? [{ bytes, x: 0, y: 0, shredded: false }] : [],
    source: sourceOf(picture),
  };
}

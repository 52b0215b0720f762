/** The templates of Blue Marble: tiles of the globe, whose pixels are each one in a square of 3. */

import { base64Of, fieldsOf, titleOf, wholeOf } from "./fields.js";

/**
 * @import { Part } from "../convert/decoding.js"
 * @import { Fields } from "./fields.js"
 * @import { Imported, Item } from "./importing.js"
 */

const TILE = 1_000; // cells along a tile of the globe
const MOST_TILES = 100;
const MOST_TEMPLATES = 100;

/**
 * Read what its storage holds.
 * @param {Fields} fields
 * @returns {Imported | null} null for another format
 */
export function blueMarble({ whoami, templates }) {
  const all = fieldsOf(templates);
  if (typeof whoami !== "string" || !all) return null;
  const items = Object.values(all)
    .slice(0, MOST_TEMPLATES)
    .flatMap((each) => itemOf(fieldsOf(each)));
  return { format: "blue_marble", items };
}

/**
 * @param {Fields | null} template
 * @returns {Item[]} none where it has no tile
 */
function itemOf(template) {
  const tiles = Object.entries(fieldsOf(template?.tiles) ?? {}).slice(0, MOST_TILES);
  const parts = tiles.flatMap(([place, picture]) => partOf(place, picture));
  if (!parts.length) return [];
  const title = titleOf(template?.name);
  // The globe is no canvas of this site: the person places it.
  return [{ title, x: null, y: null, width: null, parts, source: "" }];
}

/**
 * @param {string} place column and row of the tile, and of the pixel in it
 * @param {unknown} picture
 * @returns {Part[]} none where either cannot be read
 */
function partOf(place, picture) {
  const numbers = place.split(",").map(wholeOf);
  const bytes = base64Of(
    typeof picture === "string" ? picture.replace(/^data:[^,]*,/, "") : picture,
  );
  if (numbers.length !== 4 || numbers.includes(null) || !bytes) return [];
  const [tileX, tileY, x, y] = numbers.map(Number);
  return [{ bytes, x: tileX * TILE + x, y: tileY * TILE + y, shredded: true }];
}

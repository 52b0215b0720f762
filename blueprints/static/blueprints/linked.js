/** Links that lead to a blueprint: of the site, or in the manner of other sites. */

import { readText } from "./files/importing.js";
import { middleOf } from "./sight.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Desk } from "./desk.js"
 * @import { Shelf } from "./model/shelf.js"
 * @import { Club } from "./shared/club.js"
 * @import { Workbench } from "./workbench.js"
 */

/** The address that the page was opened by: by now its own place stands there. */
function cameBy() {
  return new URL(document.body.dataset.cameBy ?? window.location.href);
}

/**
 * Fetch the blueprint of the site that the address names, to be opened once `begin` is called.
 * @param {Host} host
 * @param {{club: Club, desk: Desk, shelf: Shelf}} parts
 */
export function openLinked(host, { club, desk, shelf }) {
  const id = cameBy().searchParams.get("t");
  const fetched = id === null ? null : club.fetch(id);
  fetched?.catch(() => {}); // it is told when it is opened
  const show = (/** @type {string} */ shelved) => bringIntoSight(host, { desk, shelf }, shelved);
  return {
    begin: async () => {
      if (!fetched) return;
      await hasBoard(host);
      await club.open(fetched, show);
    },
  };
}

/**
 * Wait for the board: only with it the page goes to the place that the address names.
 * @param {Host} host
 * @returns {Promise<void>}
 */
async function hasBoard({ viewport, connection }) {
  if (viewport.hasBoard) return;
  await new Promise((resolve) => connection.on("board", () => resolve(null)));
}

/**
 * Show a linked blueprint. A link that names its middle means it, and it is brought where nothing
 * covers it; any other place is a view, which the link leads to as it was.
 * @param {Host} host
 * @param {{desk: Desk, shelf: Shelf}} parts
 * @param {string} id on the shelf
 */
function bringIntoSight({ address, viewport }, { desk, shelf }, id) {
  const blueprint = shelf.find(id);
  const place = address.followed;
  if (!blueprint || !place) return desk.show(id);
  const middle = middleOf(blueprint);
  const { centre } = viewport; // a person may have moved on
  const there = [place, centre].every(({ x, y }) => x === middle.x && y === middle.y);
  if (there) desk.uncover(id);
}

/**
 * Take in a template that the address names, as links of other sites do.
 * @param {Workbench} bench
 */
export function followTemplate(bench) {
  const { href, hash } = cameBy();
  if (/[#&]template=/.test(hash)) bench.take(readText(href));
}

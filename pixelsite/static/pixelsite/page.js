/** The page's entry: the canvas, and features of other apps, which come when they are opened. */

import { start } from "../canvas/main.js";

const { hash, search, href } = window.location;
// The page writes its place into the address; a feature that comes later asks what was there.
document.body.dataset.cameBy = href;
const extensions = start();
extensions.offer(
  "history",
  () => import("../history/main.js"),
  () => import("../history/main.js?again"),
);
extensions.offer(
  "blueprints",
  () => import("../blueprints/main.js"),
  () => import("../blueprints/main.js?again"),
);
// A link names one, or some were on when the page was left.
const linked = /[#&]template=/.test(hash) || /[?&]t=/.test(search);
if (linked || kept("pixelsite-blueprints-on")) extensions.resume("blueprints");
// Browsers open a file that is dropped in place of the page, unless both events are taken.
window.addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  extensions.resume("blueprints");
});
window.addEventListener("drop", (event) => take(event, event.dataTransfer));
window.addEventListener("paste", (event) => {
  const { target, clipboardData } = event;
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
  take(event, clipboardData);
});

/**
 * Hand a file to the blueprints: they may still be on their way.
 * @param {Event} event
 * @param {DataTransfer | null} data
 */
function take(event, data) {
  const [file] = data?.files ?? [];
  if (!file) return;
  event.preventDefault();
  extensions.give("blueprints", file);
}

/** @param {string} key of what this browser keeps */
function kept(key) {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

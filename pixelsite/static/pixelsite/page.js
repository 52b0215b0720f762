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
// A file that is dropped would otherwise be opened in place of the page.
window.addEventListener("dragover", ({ dataTransfer }) => {
  if (dataTransfer?.types.includes("Files")) extensions.resume("blueprints");
});

/** @param {string} key of what this browser keeps */
function kept(key) {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

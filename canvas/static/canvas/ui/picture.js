/** Pictures of the board to take along: fetched when the first one is saved. */

import { make } from "../dom/elements.js";
import { readsBack } from "../dom/readback.js";

const WAY = { create: newCanvas, save: blobOf };

/**
 * Save the part of the board that is seen; where this browser gives nothing true of a canvas, as
 * the server draws it. It fails where neither gives one.
 * @param {HTMLCanvasElement} canvas
 * @param {() => Promise<Blob>} fetchPicture
 * @param {string} name of the file
 */
export async function savePicture(canvas, fetchPicture, name) {
  // Both are begun at once: what is seen may change while the proof goes on.
  const seen = blobOf(canvas);
  seen.catch(() => {});
  download((await readsBack(WAY)) ? await seen : await fetchPicture(), name);
}

/** @param {number} side */
function newCanvas(side) {
  return make("canvas", { width: side, height: side });
}

/**
 * Return the picture on a canvas as PNG.
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob>}
 */
function blobOf(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

/**
 * @param {Blob} blob
 * @param {string} name of the file
 */
function download(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

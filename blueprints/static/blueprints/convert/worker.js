/**
 * The worker that decodes a picture and converts it, so that the page goes on meanwhile. It keeps
 * the picture, so that another choice needs no decoding.
 */

import { Refusal } from "../files/refusal.js";
import { convert } from "./conversion.js";
import { decodeParts } from "./decoding.js";
import { enlargementOf } from "./resizing.js";

/**
 * @import { Choice, Converted } from "./conversion.js"
 * @import { Part } from "./decoding.js"
 * @import { Ink, Pixels } from "./matching.js"
 *
 * @typedef {{parts: Part[]}} OpenRequest
 * @typedef {{inks: Ink[], choice: Choice}} ConvertRequest
 * @typedef {{id: number} & (OpenRequest | ConvertRequest)} Request
 *
 * @typedef {{width: number, height: number, frames: number, enlarged: number}} Opened in pixels
 * @typedef {{refused: string, values: Record<string, string | number>}} Refused
 * @typedef {{id: number, done: Opened | Converted | Refused}} Answer
 */

/** @type {Pixels | null} */
let picture = null;

self.addEventListener("message", async (/** @type {MessageEvent<Request>} */ { data }) => {
  /** @type {Answer["done"]} */
  let done;
  try {
    done = "parts" in data ? await open(data) : change(data);
  } catch (error) {
    const { key, values } = error instanceof Refusal ? error : new Refusal("picture_broken");
    done = { refused: key, values };
  }
  self.postMessage({ id: data.id, done });
});

/**
 * @param {OpenRequest} request
 * @returns {Promise<Opened>}
 */
async function open({ parts }) {
  picture = null;
  const { pixels, frames } = await decodeParts(parts);
  picture = pixels;
  const { width, height } = pixels;
  return { width, height, frames, enlarged: enlargementOf(pixels) };
}

/**
 * @param {ConvertRequest} request
 * @returns {Converted}
 */
function change({ inks, choice }) {
  if (!picture) throw new Refusal("picture_broken");
  return convert(picture, inks, choice);
}

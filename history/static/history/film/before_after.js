/** Before and after: two moments of a region side by side, as one picture. */

import { readsBack } from "../../canvas/dom/readback.js";
import { pngOf } from "../../canvas/lib/png.js";
import { PastBoard } from "../board/past_board.js";
import { colored, cutOf, sizeOf } from "./film.js";

/**
 * @import { Order, Work } from "./film.js"
 *
 * Two pictures of the same size, four bytes a pixel.
 * @typedef {{width: number, height: number, sides: Uint8Array<ArrayBuffer>[]}} Pair
 */

const GAP = 8; // pixels between the two
const FOOT = 28; // pixels for the moments below
const WAY = {
  create: (/** @type {number} */ side) => new OffscreenCanvas(side, side),
  save: (/** @type {OffscreenCanvas} */ canvas) => canvas.convertToBlob({ type: "image/png" }),
};

/**
 * Draw what a region was at two moments, and when that was. Where this browser gives nothing true
 * of a canvas, the moments stand in the name of the file alone.
 * @param {Order} order
 * @param {Pick<Work, "archive" | "seqAt">} work
 * @param {string[]} words the two moments in words
 * @returns {Promise<Blob>} a PNG
 */
export async function beforeAndAfter(order, { archive, seqAt }, words) {
  const { width, height, scale } = sizeOf(order);
  const sides = [];
  const board = new PastBoard(archive);
  for (const ms of [order.from, order.to]) {
    await board.to(await seqAt(ms));
    sides.push(colored(cutOf(board, order.region, archive), { width, height, scale }));
  }
  const pair = { width, height, sides };
  return (await readsBack(WAY)) ? drawn(pair, words) : written(pair);
}

/**
 * @param {Pair} pair
 * @param {string[]} words
 */
function drawn({ width, height, sides }, words) {
  const canvas = new OffscreenCanvas(2 * width + GAP, height + FOOT);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser draws on no canvas");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#171923";
  context.font = "15px system-ui, sans-serif";
  for (const [side, pixels] of sides.entries()) {
    const left = side * (width + GAP);
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width), left, 0);
    context.fillText(words[side], left + 6, height + 19, width - 12);
  }
  return WAY.save(canvas);
}

/**
 * Write the picture byte by byte.
 * @param {Pair} pair
 */
function written({ width, height, sides }) {
  const whole = 2 * width + GAP;
  const row = 1 + 3 * whole; // the first byte names the filter, none
  const rows = new Uint8Array(row * height).fill(255);
  for (let y = 0; y < height; y++) rows[y * row] = 0;
  for (const [side, pixels] of sides.entries()) {
    const left = 1 + 3 * side * (width + GAP);
    for (let at = 0; at < width * height; at++) {
      const to = Math.floor(at / width) * row + left + 3 * (at % width);
      for (let part = 0; part < 3; part++) rows[to + part] = pixels[4 * at + part];
    }
  }
  return pngOf({ width: whole, height, kind: 2, rows });
}

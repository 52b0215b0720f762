/** Before and after: two moments of a region side by side, as one picture. */

import { PastBoard } from "../board/past_board.js";
import { colored, cutOf, sizeOf } from "./film.js";

/** @import { Order, Work } from "./film.js" */

const GAP = 8; // pixels between the two
const FOOT = 28; // pixels for the moments below

/**
 * Draw what a region was at two moments, and when that was.
 * @param {Order} order
 * @param {Pick<Work, "archive" | "seqAt">} work
 * @param {string[]} words the two moments in words
 * @returns {Promise<Blob>} a PNG
 */
export async function beforeAndAfter(order, { archive, seqAt }, words) {
  const { width, height, scale } = sizeOf(order);
  const canvas = new OffscreenCanvas(2 * width + GAP, height + FOOT);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser draws on no canvas");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#171923";
  context.font = "15px system-ui, sans-serif";
  const board = new PastBoard(archive);
  for (const [side, ms] of [order.from, order.to].entries()) {
    await board.to(await seqAt(ms));
    const pixels = colored(cutOf(board, order.region, archive), { width, height, scale });
    const left = side * (width + GAP);
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width), left, 0);
    context.fillText(words[side], left + 6, height + 19, width - 12);
  }
  return canvas.convertToBlob({ type: "image/png" });
}

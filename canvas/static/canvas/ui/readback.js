/**
 * The proof that a canvas can be read back. Browsers that resist fingerprinting answer with noise,
 * and do not say so.
 */

import { make } from "../dom/elements.js";

const SIDE = 16;

/**
 * Draw a known picture, read it back both ways, and compare.
 * @returns {Promise<boolean>}
 */
export async function readsBack() {
  try {
    const known = pattern();
    const drawn = contextWith((context) => context.putImageData(known, 0, 0));
    const saved = await createImageBitmap(await blobOf(drawn.canvas));
    const loaded = contextWith((context) => context.drawImage(saved, 0, 0));
    return [drawn, loaded].every((context) => same(context, known));
  } catch {
    return false;
  }
}

/**
 * Return the picture on a canvas as PNG.
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob>}
 */
export function blobOf(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

/** Opaque pixels, each of another colour. */
function pattern() {
  const image = new ImageData(SIDE, SIDE);
  for (let at = 0; at < SIDE * SIDE; at += 1) {
    image.data.set([at, 255 - at, (at * 37) % 256, 255], at * 4);
  }
  return image;
}

/** @param {(context: CanvasRenderingContext2D) => void} draw */
function contextWith(draw) {
  const canvas = make("canvas", { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser draws on no canvas");
  draw(context);
  return context;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ImageData} known
 */
function same(context, known) {
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return data.every((value, at) => value === known.data[at]);
}

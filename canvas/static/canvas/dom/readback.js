/**
 * The proof that a canvas can be read back. Browsers that resist fingerprinting answer with noise,
 * and do not say so.
 */

/**
 * @template {HTMLCanvasElement | OffscreenCanvas} Canvas
 * @typedef {object} Way to a saved picture, as it is to be proven
 * @property {(side: number) => Canvas} create makes a square canvas
 * @property {(canvas: Canvas) => Promise<Blob>} save returns its picture as PNG
 */

const SIDE = 16;

/**
 * Draw a known picture, read it back both ways, and compare.
 * @template {HTMLCanvasElement | OffscreenCanvas} Canvas
 * @param {Way<Canvas>} way
 * @returns {Promise<boolean>}
 */
export async function readsBack({ create, save }) {
  try {
    const known = pattern();
    const drawn = create(SIDE);
    const context = contextOf(drawn);
    context.putImageData(known, 0, 0);
    const saved = await createImageBitmap(await save(drawn));
    const loaded = contextOf(create(SIDE));
    loaded.drawImage(saved, 0, 0);
    return [context, loaded].every((each) => same(each, known));
  } catch {
    return false;
  }
}

/** Opaque pixels, each of another colour. */
function pattern() {
  const image = new ImageData(SIDE, SIDE);
  for (let at = 0; at < SIDE * SIDE; at += 1) {
    image.data.set([at, 255 - at, (at * 37) % 256, 255], at * 4);
  }
  return image;
}

/** @param {HTMLCanvasElement | OffscreenCanvas} canvas */
function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (context && "getImageData" in context) return context;
  throw new Error("this browser draws on no canvas");
}

/**
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {ImageData} known
 */
function same(context, known) {
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return data.every((value, at) => value === known.data[at]);
}

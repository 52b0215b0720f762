/** The drawing context of a canvas element. */

/**
 * Return the context of a canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {CanvasRenderingContext2D}
 */
export function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("this browser draws on no canvas");
  return context;
}

/**
 * Call `repaint` when a canvas comes back empty: the browser takes away what is drawn when the
 * process that draws dies, or its memory runs out.
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} repaint
 */
export function onRestored(canvas, repaint) {
  canvas.addEventListener("contextrestored", repaint);
}

/**
 * Tell whether what was drawn is lost, and not yet back.
 * @param {CanvasRenderingContext2D} context
 */
export function isLost(context) {
  return context.isContextLost?.() ?? false;
}

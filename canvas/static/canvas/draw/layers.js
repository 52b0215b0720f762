/** Layers of features between the board and its overlay, each on a canvas of its own. */

/**
 * @import { Projection } from "../state/projection.js"
 *
 * @typedef {object} Layer
 * @property {HTMLCanvasElement} canvas of a size that the layer gives it
 * @property {(projection: Projection) => void} draw called in each frame in which anything is drawn
 */

export class Layers {
  #over;
  /** From below to above. @type {Set<Layer>} */
  #layers = new Set();

  /** @param {HTMLCanvasElement} over the canvas that stays above them */
  constructor(over) {
    this.#over = over;
  }

  /**
   * Put a layer over those that are there.
   * @param {Layer} layer
   * @returns {() => void} takes it away
   */
  add(layer) {
    layer.canvas.setAttribute("aria-hidden", "true");
    this.#over.before(layer.canvas);
    this.#layers.add(layer);
    return () => {
      layer.canvas.remove();
      this.#layers.delete(layer);
    };
  }

  /** @param {Projection} projection */
  draw(projection) {
    for (const { draw } of this.#layers) draw(projection);
  }
}

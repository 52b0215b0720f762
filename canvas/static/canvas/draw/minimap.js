/** The minimap: the whole board in a corner, with a frame around the part that is seen. */

import { pixelTable } from "../lib/pixels.js";
import { contextOf, onRestored } from "./context.js";

/**
 * @import { BoardView } from "../state/shown.js"
 * @import { Viewport } from "../lib/viewport.js"
 */

const SIDE = 168; // pixels of the longer side
const EVERY_MS = 400;

export class Minimap {
  #board;
  #viewport;
  #table = pixelTable([]);
  #box;
  #frame;
  #context;
  /** @type {number | null} */
  #timer = null;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.box
   * @param {HTMLElement} parts.frame
   * @param {HTMLCanvasElement} parts.canvas
   * @param {BoardView} parts.board
   * @param {Viewport} parts.viewport
   */
  constructor({ box, frame, canvas, board, viewport }) {
    this.#board = board;
    this.#viewport = viewport;
    this.#box = box;
    this.#frame = frame;
    this.#context = contextOf(canvas);
    onRestored(canvas, () => this.request());
    box.addEventListener("pointerdown", (event) => {
      box.setPointerCapture(event.pointerId);
      this.#jump(event);
    });
    box.addEventListener("pointermove", (event) => {
      if (event.buttons) this.#jump(event);
    });
  }

  /** @param {string[]} palette `#RRGGBB` */
  setPalette(palette) {
    this.#table = pixelTable(palette);
    this.request();
  }

  /** @param {boolean} on */
  show(on) {
    this.#box.hidden = !on;
    this.request();
  }

  /** Draw soon, and not often: single pixels are hardly seen here. */
  request() {
    this.#timer ??= window.setTimeout(() => {
      this.#timer = null;
      if (this.#context.canvas.offsetParent) this.#draw();
    }, EVERY_MS);
  }

  /** Move the frame at once. */
  follow() {
    const { width, height } = this.#board;
    const from = this.#viewport.toBoard(0, 0);
    const to = this.#viewport.toBoard(this.#viewport.width, this.#viewport.height);
    const { style } = this.#frame;
    style.left = `${percent(from.x, width)}%`;
    style.top = `${percent(from.y, height)}%`;
    style.right = `${100 - percent(to.x, width)}%`;
    style.bottom = `${100 - percent(to.y, height)}%`;
  }

  /**
   * Show the place under the pointer.
   * @param {PointerEvent} event
   */
  #jump(event) {
    const { left, top, width, height } = this.#context.canvas.getBoundingClientRect();
    this.#viewport.show({
      x: ((event.clientX - left) / width) * this.#board.width,
      y: ((event.clientY - top) / height) * this.#board.height,
    });
  }

  #draw() {
    const { width, height, cells } = this.#board;
    if (!width) return;
    const scale = Math.min(1, SIDE / Math.max(width, height));
    const { canvas } = this.#context;
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const image = new ImageData(canvas.width, canvas.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let y = 0, to = 0; y < canvas.height; y++) {
      const row = Math.floor(((y + 0.5) * height) / canvas.height) * width;
      for (let x = 0; x < canvas.width; x++) {
        pixels[to++] = this.#table[cells[row + Math.floor(((x + 0.5) * width) / canvas.width)]];
      }
    }
    this.#context.putImageData(image, 0, 0);
  }
}

/**
 * Return a part of a whole, from 0 to 100.
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  return Math.min(Math.max(part / whole, 0), 1) * 100;
}

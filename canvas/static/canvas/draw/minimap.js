/** The whole board in a corner, with a frame around what is seen. */

import { pixelTable } from "../state/palette.js";

const SIDE = 168;
const EVERY_MS = 400;

export class Minimap {
  #board;
  #viewport;
  #table = pixelTable([]);
  #box;
  #context;
  #frame;
  #timer = null;

  /**
   * @param {{box: HTMLElement, board: object, viewport: object}} parts
   */
  constructor({ box, board, viewport }) {
    this.#board = board;
    this.#viewport = viewport;
    this.#box = box;
    this.#context = box.querySelector("canvas").getContext("2d");
    this.#frame = box.querySelector(".frame");
    const jump = (event) => {
      const { left, top, width, height } = this.#context.canvas.getBoundingClientRect();
      viewport.show({
        x: ((event.clientX - left) / width) * board.width,
        y: ((event.clientY - top) / height) * board.height,
      });
    };
    box.addEventListener("pointerdown", (event) => {
      box.setPointerCapture(event.pointerId);
      jump(event);
    });
    box.addEventListener("pointermove", (event) => event.buttons && jump(event));
  }

  setPalette(palette) {
    this.#table = pixelTable(palette);
    this.request();
  }

  /** @param {boolean} on */
  show(on) {
    this.#box.hidden = !on;
    this.request();
  }

  /** Draws soon, and not often: nobody watches single pixels here. */
  request() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (this.#context.canvas.offsetParent) this.#draw();
    }, EVERY_MS);
  }

  /** Follows the view at once. */
  follow() {
    const { width, height } = this.#board;
    const from = this.#viewport.toBoard(0, 0);
    const to = this.#viewport.toBoard(this.#viewport.width, this.#viewport.height);
    const share = (value, whole) => Math.min(Math.max(value / whole, 0), 1) * 100;
    const { style } = this.#frame;
    style.left = `${share(from.x, width)}%`;
    style.top = `${share(from.y, height)}%`;
    style.right = `${100 - share(to.x, width)}%`;
    style.bottom = `${100 - share(to.y, height)}%`;
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

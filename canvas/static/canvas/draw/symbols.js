/** Signs on the cells, for colours that look alike: written once a size, then copied. */

import { signOf, wantsDarkInk } from "../state/palette.js";

const SMALLEST = 14; // CSS pixels a cell: below, nobody reads them
const COLUMNS = 16;

export class Symbols {
  /** @type {string[]} */
  #palette = [];
  #sheet = document.createElement("canvas").getContext("2d");
  #size = 0;

  /** @param {string[]} palette */
  setPalette(palette) {
    this.#palette = palette;
    this.#size = 0;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../state/projection.js").Projection} projection
   * @param {import("../state/board.js").Rect} cells
   */
  draw(context, projection, { x0, y0, x1, y1 }) {
    if (projection.pixel < SMALLEST * projection.ratio) return;
    const size = Math.round(projection.pixel);
    if (size !== this.#size) this.#write(size);
    for (let y = y0; y < y1; y++) {
      const top = Math.round(projection.top + y * projection.pixel);
      for (let x = x0; x < x1; x++) {
        const index = projection.board.get(x, y);
        if (index > 0) this.#copy(context, index, Math.round(projection.left + x * projection.pixel), top);
      }
    }
  }

  #copy(context, index, left, top) {
    const size = this.#size;
    const { canvas } = this.#sheet;
    context.drawImage(canvas, (index % COLUMNS) * size, Math.floor(index / COLUMNS) * size, size, size, left, top, size, size);
  }

  #write(size) {
    this.#size = size;
    const sheet = this.#sheet;
    sheet.canvas.width = COLUMNS * size;
    sheet.canvas.height = Math.ceil(this.#palette.length / COLUMNS) * size;
    sheet.textAlign = "center";
    sheet.textBaseline = "middle";
    sheet.font = `600 ${Math.round(size * 0.58)}px system-ui, sans-serif`;
    this.#palette.forEach((hex, index) => {
      sheet.fillStyle = wantsDarkInk(hex) ? "rgb(0 0 0 / 0.72)" : "rgb(255 255 255 / 0.86)";
      const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
      sheet.fillText(signOf(index), (column + 0.5) * size, (row + 0.54) * size, size);
    });
  }
}

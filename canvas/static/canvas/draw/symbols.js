/** Signs on the cells, for colours that look alike: written once a size, then copied. */

import { signOf, wantsDarkInk } from "../state/palette.js";
import { contextOf, isLost, onRestored } from "./context.js";

/**
 * @import { Rect } from "../state/board.js"
 * @import { Projection } from "../state/projection.js"
 * @import { BoardView } from "../state/shown.js"
 */

const SMALLEST = 14; // CSS pixels a cell: smaller signs cannot be read
const COLUMNS = 16;

export class Symbols {
  #board;
  /** @type {string[]} */
  #palette = [];
  #size = 0; // of the signs on the sheet; 0: they are to be written anew
  #sheet = this.#blank();

  /** @param {BoardView} board */
  constructor(board) {
    this.#board = board;
  }

  /** @param {string[]} palette `#RRGGBB` */
  setPalette(palette) {
    this.#palette = palette;
    this.#size = 0;
  }

  /** Write the signs anew when they are asked for. */
  forget() {
    this.#size = 0;
  }

  /**
   * Draw the signs of some cells.
   * @param {CanvasRenderingContext2D} context
   * @param {Projection} projection
   * @param {Rect} cells
   */
  draw(context, projection, { x0, y0, x1, y1 }) {
    if (projection.pixel < SMALLEST * projection.ratio) return;
    const size = Math.round(projection.pixel);
    if (isLost(this.#sheet)) this.#replaceSheet();
    if (size !== this.#size) this.#write(size);
    for (let y = y0; y < y1; y++) {
      const top = Math.round(projection.top + y * projection.pixel);
      for (let x = x0; x < x1; x++) {
        const index = this.#board.get(x, y);
        const left = Math.round(projection.left + x * projection.pixel);
        if (index > 0) this.#copy(context, index, left, top);
      }
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} index
   * @param {number} left device pixels
   * @param {number} top device pixels
   */
  #copy(context, index, left, top) {
    const size = this.#size;
    const { canvas } = this.#sheet;
    const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
    context.drawImage(canvas, column * size, row * size, size, size, left, top, size, size);
  }

  /** An empty sheet. It is lost by itself, and comes back before or after the board. */
  #blank() {
    const canvas = document.createElement("canvas");
    onRestored(canvas, () => this.forget());
    return contextOf(canvas);
  }

  #replaceSheet() {
    this.#sheet = this.#blank();
    this.forget();
  }

  /**
   * Write all signs on the sheet.
   * @param {number} size device pixels
   */
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

/**
 * The picture of the plan in tiles of device pixels, from the board's corner on. A tile is painted
 * when it comes into sight, kept while the zoom stays, and only laid elsewhere by a drag: to read
 * back or copy what a canvas shows would wait for all that was drawn there before.
 */

import { paint } from "./raster.js";

/**
 * @import { Projection } from "../../canvas/state/projection.js"
 * @import { Subject } from "./brushes.js"
 * @import { Area } from "./raster.js"
 *
 * @typedef {{x: number, y: number}} Cell
 * @typedef {{column: number, row: number}} Place
 */

const SIDE = 256; // device pixels
const MOST = 192; // tiles of 256 KB each that are kept, or as many as are in sight

export class PlanTiles {
  /** By place, those seen last at the end. @type {Map<string, CanvasRenderingContext2D>} */
  #tiles = new Map();
  #most = MOST;
  #pixels = new Uint32Array(SIDE * SIDE);

  /** Forget all: the zoom, or what is shown, is another. */
  forget() {
    this.#tiles.clear();
  }

  /**
   * Lay what is in sight on a canvas, and paint what is missing for as long as there is time.
   * @param {CanvasRenderingContext2D} context
   * @param {Projection} projection
   * @param {Subject} subject
   * @param {() => boolean} isLate
   * @returns {boolean} whether all of it is there
   */
  lay(context, projection, subject, isLate) {
    const { left, top, pixel, width, height } = projection;
    context.clearRect(0, 0, width, height);
    let whole = true;
    const board = { right: subject.plan.width * pixel, bottom: subject.plan.height * pixel };
    const sight = { left: -left, top: -top, right: width - left, bottom: height - top };
    const places = fromTheMiddle([...placesIn(sight, board)], sight);
    this.#most = Math.max(MOST, places.length);
    for (const { column, row } of places) {
      const tile =
        this.#seen(column, row) ?? (isLate() ? null : this.#paint(column, row, pixel, subject));
      if (tile) context.drawImage(tile.canvas, left + column * SIDE, top + row * SIDE);
      else whole = false;
    }
    return whole;
  }

  /**
   * Paint a cell anew where it is kept, and on the canvas that shows it.
   * @param {CanvasRenderingContext2D} context
   * @param {Projection} projection
   * @param {Subject} subject
   * @param {Cell} cell
   */
  touch(context, { left, top, pixel }, subject, { x, y }) {
    const [from, above] = [Math.round(x * pixel), Math.round(y * pixel)];
    const right = Math.max(Math.round((x + 1) * pixel), Math.floor(x * pixel) + 1);
    const bottom = Math.max(Math.round((y + 1) * pixel), Math.floor(y * pixel) + 1);
    const area = { left: from, top: above, right, bottom };
    for (const { column, row } of placesIn(area, area)) {
      const tile = this.#tiles.get(`${column},${row}`);
      if (!tile) continue;
      const [across, down] = [column * SIDE, row * SIDE];
      const part = {
        left: Math.max(area.left, across),
        top: Math.max(area.top, down),
        right: Math.min(area.right, across + SIDE),
        bottom: Math.min(area.bottom, down + SIDE),
      };
      this.#fill(tile, part, { across, down }, pixel, subject);
      const [wide, high] = [part.right - part.left, part.bottom - part.top];
      const source = /** @type {const} */ ([part.left - across, part.top - down, wide, high]);
      context.clearRect(left + part.left, top + part.top, wide, high);
      context.drawImage(tile.canvas, ...source, left + part.left, top + part.top, wide, high);
    }
  }

  /**
   * @param {number} column
   * @param {number} row
   */
  #seen(column, row) {
    const name = `${column},${row}`;
    const tile = this.#tiles.get(name);
    if (!tile) return null;
    this.#tiles.delete(name);
    if (tile.isContextLost?.()) return null;
    this.#tiles.set(name, tile);
    return tile;
  }

  /**
   * @param {number} column
   * @param {number} row
   * @param {number} pixel device pixels a cell
   * @param {Subject} subject
   */
  #paint(column, row, pixel, subject) {
    const tile = this.#blank();
    if (!tile) return null;
    this.#tiles.set(`${column},${row}`, tile);
    const [across, down] = [column * SIDE, row * SIDE];
    const area = { left: across, top: down, right: across + SIDE, bottom: down + SIDE };
    this.#fill(tile, area, { across, down }, pixel, subject);
    return tile;
  }

  /** A tile of any content: the one that was seen longest ago, where there are many. */
  #blank() {
    const [oldest] = this.#tiles.size < this.#most ? [] : this.#tiles;
    if (oldest) {
      this.#tiles.delete(oldest[0]);
      return oldest[1];
    }
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    return canvas.getContext("2d");
  }

  /**
   * @param {CanvasRenderingContext2D} tile
   * @param {Area} area from the board's corner
   * @param {{across: number, down: number}} corner of the tile
   * @param {number} pixel
   * @param {Subject} subject
   */
  #fill(tile, area, { across, down }, pixel, subject) {
    const [wide, high] = [area.right - area.left, area.bottom - area.top];
    const pixels = this.#pixels.subarray(0, wide * high);
    paint(pixels, area, { left: 0, top: 0, pixel }, subject);
    const bytes = new Uint8ClampedArray(this.#pixels.buffer, 0, pixels.byteLength);
    tile.putImageData(new ImageData(bytes, wide, high), area.left - across, area.top - down);
  }
}

/**
 * Order places by their distance to the middle of an area: what is looked at is painted first.
 * @param {Place[]} places
 * @param {Area} area
 */
function fromTheMiddle(places, { left, top, right, bottom }) {
  const [x, y] = [(left + right) / SIDE / 2 - 0.5, (top + bottom) / SIDE / 2 - 0.5];
  const far = (/** @type {Place} */ { column, row }) => (column - x) ** 2 + (row - y) ** 2;
  return places.sort((a, b) => far(a) - far(b));
}

/**
 * Yield the places of the tiles that two areas from the board's corner have in common.
 * @param {Area} area
 * @param {{right: number, bottom: number}} board
 * @returns {Generator<Place>}
 */
function* placesIn({ left, top, right, bottom }, board) {
  const lastRow = Math.ceil(Math.min(bottom, board.bottom) / SIDE);
  const lastColumn = Math.ceil(Math.min(right, board.right) / SIDE);
  for (let row = Math.max(0, Math.floor(top / SIDE)); row < lastRow; row++)
    for (let column = Math.max(0, Math.floor(left / SIDE)); column < lastColumn; column++)
      yield { column, row };
}

/** The board: one palette index a pixel, and which rectangle of each tile has changed. */

export const TILE = 256;

/** @typedef {{x0: number, y0: number, x1: number, y1: number}} Rect half-open, in cells */

export class Board {
  width = 0;
  height = 0;
  /** @type {Uint8Array} */
  cells = new Uint8Array(0);
  columns = 0;
  rows = 0;
  /** Counts loads: a drawer whose generation is older starts over. */
  generation = 0;
  /** @type {Map<number, Rect>} */
  #dirty = new Map();

  /**
   * @param {number} width
   * @param {number} height
   * @param {Uint8Array} bytes row-major
   */
  load(width, height, bytes) {
    if (bytes.length !== width * height) {
      throw new RangeError(`board of ${width}x${height} got ${bytes.length} bytes`);
    }
    this.width = width;
    this.height = height;
    this.cells = bytes;
    this.columns = Math.ceil(width / TILE);
    this.rows = Math.ceil(height / TILE);
    this.generation += 1;
    this.#dirty.clear();
  }

  /** @returns {boolean} */
  contains(x, y) {
    return x >= 0 && y >= 0 && x < this.width && y < this.height;
  }

  /** @returns {number} palette index */
  get(x, y) {
    return this.cells[y * this.width + x];
  }

  /** Ignores what lies outside: the board may have shrunk since it was sent. */
  set(x, y, index) {
    if (!this.contains(x, y)) return;
    this.cells[y * this.width + x] = index;
    this.#touch(x, y);
  }

  /** @param {number} tile @returns {Rect | undefined} what changed in it */
  peekDirty(tile) {
    return this.#dirty.get(tile);
  }

  /** @param {number} tile @returns {Rect | undefined} what changed in it since the last call */
  takeDirty(tile) {
    const rect = this.#dirty.get(tile);
    this.#dirty.delete(tile);
    return rect;
  }

  /** @returns {number[]} ids (row * columns + column) of the tiles that have changed */
  dirtyTiles() {
    return [...this.#dirty.keys()];
  }

  /** @param {number} tile @returns {Rect} */
  tileRect(tile) {
    const x0 = (tile % this.columns) * TILE;
    const y0 = Math.floor(tile / this.columns) * TILE;
    return {
      x0, y0, x1: Math.min(x0 + TILE, this.width), y1: Math.min(y0 + TILE, this.height),
    };
  }

  #touch(x, y) {
    const tile = Math.floor(y / TILE) * this.columns + Math.floor(x / TILE);
    const rect = this.#dirty.get(tile);
    if (!rect) {
      this.#dirty.set(tile, { x0: x, y0: y, x1: x + 1, y1: y + 1 });
      return;
    }
    if (x < rect.x0) rect.x0 = x;
    if (y < rect.y0) rect.y0 = y;
    if (x >= rect.x1) rect.x1 = x + 1;
    if (y >= rect.y1) rect.y1 = y + 1;
  }
}

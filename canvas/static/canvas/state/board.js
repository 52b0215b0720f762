/** The board: one palette index a cell, and the rectangle of each tile that has changed. */

/** Cells along the side of a tile. */
export const TILE = 256;

/**
 * @typedef {{x0: number, y0: number, x1: number, y1: number}} Rect half-open, in cells
 *
 * The board as it is seen from afar: each pixel the mean of a square of cells, whose side is
 * halved so often that it is one. It has whole squares alone.
 * @typedef {{halvings: number, palette: string[], pixels: Uint32Array}} Halved
 *
 * @typedef {(x: number, y: number, index: number, before: number) => void} Watcher gets the palette
 *   indices that a cell has now and had before
 */

export class Board {
  /** In cells. */
  width = 0;
  /** In cells. */
  height = 0;
  /** Palette indices, row by row. @type {Uint8Array} */
  cells = new Uint8Array(0);
  /** Tiles side by side. */
  columns = 0;
  /** Number of loads: a drawing of an older generation starts over. */
  generation = 0;
  /** Its pixels from afar, where it came with them and nothing was drawn since. */
  halved = /** @type {Halved | null} */ (null);
  /** @type {Map<number, Rect>} */
  #dirty = new Map();
  /** @type {Set<Watcher>} */
  #watchers = new Set();

  /**
   * Call `watcher` for each cell that is drawn, from now on.
   * @param {Watcher} watcher
   * @returns {() => void} stops it
   */
  watch(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Load another board in place of this one.
   * @param {number} width
   * @param {number} height
   * @param {Uint8Array} bytes row by row
   */
  load(width, height, bytes) {
    if (bytes.length !== width * height) {
      throw new RangeError(`board of ${width}x${height} got ${bytes.length} bytes`);
    }
    this.width = width;
    this.height = height;
    this.cells = bytes;
    this.columns = Math.ceil(width / TILE);
    this.generation += 1;
    this.halved = null;
    this.#dirty.clear();
  }

  /**
   * Tell whether the board has this cell.
   * @param {number} x
   * @param {number} y
   */
  contains(x, y) {
    return x >= 0 && y >= 0 && x < this.width && y < this.height;
  }

  /**
   * Return the palette index of a cell.
   * @param {number} x
   * @param {number} y
   */
  get(x, y) {
    return this.cells[y * this.width + x];
  }

  /**
   * Draw a cell. One outside is ignored: the board may have become smaller since it was sent.
   * @param {number} x
   * @param {number} y
   * @param {number} index
   */
  set(x, y, index) {
    if (!this.contains(x, y)) return;
    const at = y * this.width + x;
    const before = this.cells[at];
    this.cells[at] = index;
    this.halved = null;
    this.#touch(x, y);
    for (const watcher of this.#watchers) watcher(x, y, index, before);
  }

  /**
   * Take other cells of the same size in place of these.
   * @param {Uint8Array} bytes row by row
   * @param {Iterable<Rect>} changed where they differ, each within a tile
   * @returns {Uint8Array} those before
   */
  swap(bytes, changed) {
    if (bytes.length !== this.cells.length) throw new RangeError("a board of another size");
    const former = this.cells;
    this.cells = bytes;
    this.halved = null;
    for (const { x0, y0, x1, y1 } of changed) {
      this.#touch(x0, y0);
      this.#touch(x1 - 1, y1 - 1);
    }
    return former;
  }

  /**
   * Return the cells of a tile that have changed.
   * @param {number} tile
   */
  peekDirty(tile) {
    return this.#dirty.get(tile);
  }

  /**
   * Return the cells of a tile that have changed since the last call.
   * @param {number} tile
   */
  takeDirty(tile) {
    const rect = this.#dirty.get(tile);
    this.#dirty.delete(tile);
    return rect;
  }

  /**
   * Return the ids (row * columns + column) of the tiles that have changed.
   * @returns {number[]}
   */
  dirtyTiles() {
    return [...this.#dirty.keys()];
  }

  /**
   * Return the cells of a tile.
   * @param {number} tile
   * @returns {Rect}
   */
  tileRect(tile) {
    const x0 = (tile % this.columns) * TILE;
    const y0 = Math.floor(tile / this.columns) * TILE;
    return { x0, y0, x1: Math.min(x0 + TILE, this.width), y1: Math.min(y0 + TILE, this.height) };
  }

  /**
   * @param {number} x
   * @param {number} y
   */
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

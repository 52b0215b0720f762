/**
 * The renderer of the board: it draws at most once an animation frame, and only what changed.
 *
 * From afar the board is drawn from tiles that are halved until they are nearly as small as they
 * are seen: to scale them further takes little. A drag from afar moves the picture, and draws only
 * the parts that come into sight at its edges.
 */

import { areaOf, cellsIn, overlap, project, tilesIn, uncoveredBy } from "../state/projection.js";
import { contextOf, onRestored } from "./context.js";
import { halvingsAt } from "./downscale.js";
import { Layers } from "./layers.js";
import { drawOverlay } from "./overlay.js";
import { Symbols } from "./symbols.js";
import { Tiles } from "./tiles.js";

/**
 * @import { Rect } from "../state/board.js"
 * @import { Area, Projection } from "../state/projection.js"
 * @import { BoardView } from "../state/shown.js"
 * @import { Viewport } from "../lib/viewport.js"
 * @import { Scene } from "./overlay.js"
 */

// Device pixels: from afar a cell colours its square of cells, and the smoothing its neighbours.
const BLUR = 3;

// A frame that has painted for so long paints no more tiles in a size that was not seen yet.
const PAINTING_MS = 4;
// A frame that has painted for so long leaves other changes for the next.
const CHANGES_MS = 8;

export class Renderer {
  #board;
  #viewport;
  #context;
  #overlay;
  #scene;
  #tiles;
  #symbols;
  #request = 0;
  /** The projection that the board's canvas shows. @type {Projection | null} */
  #painted = null;
  /** Halvings of the cells that the last frame painted: 0 from near. */
  halvings = 0;
  #overlayStale = true;
  /** The time at which this frame began. */
  #began = 0;
  // True when this frame leaves some painting, or some changes, for the next.
  #unfinished = false;
  #behind = false;

  /**
   * @param {object} parts
   * @param {HTMLCanvasElement} parts.canvas
   * @param {HTMLCanvasElement} parts.overlay
   * @param {BoardView} parts.board
   * @param {Viewport} parts.viewport
   * @param {() => Scene} parts.scene
   */
  constructor({ canvas, overlay, board, viewport, scene }) {
    this.#board = board;
    this.#viewport = viewport;
    this.#scene = scene;
    this.#tiles = new Tiles(board);
    this.#symbols = new Symbols(board);
    this.#context = contextOf(canvas);
    this.#overlay = contextOf(overlay);
    this.layers = new Layers(overlay);
    for (const each of [canvas, overlay]) onRestored(each, () => this.#startOver());
  }

  /** @param {string[]} palette `#RRGGBB` */
  setPalette(palette) {
    this.#tiles.setPalette(palette);
    this.#symbols.setPalette(palette);
    this.request("all");
  }

  /**
   * Draw in the next animation frame.
   * @param {"all"|"view"|"cells"|"overlay"} what may look different; `view`: another part is seen
   */
  request(what) {
    if (what === "all") this.#painted = null;
    if (what !== "cells") this.#overlayStale = true;
    this.#request ||= requestAnimationFrame(() => this.#draw());
  }

  /** Whether this frame has painted enough. */
  #isLate() {
    return performance.now() > this.#began + CHANGES_MS;
  }

  /** Draw all anew: what was painted is gone. */
  #startOver() {
    this.#tiles.forget();
    this.#symbols.forget();
    this.request("all");
  }

  #draw() {
    this.#request = 0;
    this.#began = performance.now();
    this.#unfinished = this.#behind = false;
    this.#fit();
    const projection = project(this.#viewport, this.#board, this.#context.canvas);
    this.halvings = halvingsAt(projection.pixel);
    this.#drawBoard(projection);
    if (!this.#tiles.refresh(() => this.#isLate())) this.#behind = true;
    this.layers.draw(projection);
    if (this.#overlayStale) drawOverlay(this.#overlay, projection, this.#scene());
    this.#overlayStale = false;
    if (this.#unfinished) this.request("all");
    else if (this.#behind) this.request("cells");
  }

  /** Give both canvases one pixel a device pixel. */
  #fit() {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(this.#viewport.width * ratio));
    const height = Math.max(1, Math.round(this.#viewport.height * ratio));
    for (const { canvas } of [this.#context, this.#overlay]) {
      if (canvas.width === width && canvas.height === height) continue;
      canvas.width = width;
      canvas.height = height;
      this.#painted = null;
      this.#overlayStale = true;
    }
  }

  /** @param {Projection} projection */
  #drawBoard(projection) {
    const before = this.#painted;
    this.#painted = projection;
    if (before?.pixel !== projection.pixel) return this.#drawAll(projection);
    const dx = projection.left - before.left;
    const dy = projection.top - before.top;
    if (dx === 0 && dy === 0) this.#drawChanges(projection);
    else if (projection.pixel < 1) this.#drawMoved(projection, dx, dy);
    else this.#drawAll(projection);
  }

  /** @param {Projection} projection */
  #drawAll(projection) {
    this.#context.clearRect(0, 0, projection.width, projection.height);
    for (const tile of tilesIn(this.#board, projection)) this.#drawTile(projection, tile);
    this.#drawSymbols(projection, projection);
  }

  /**
   * @param {Projection} projection
   * @param {number} dx device pixels
   * @param {number} dy device pixels
   */
  #drawMoved(projection, dx, dy) {
    this.#context.globalCompositeOperation = "copy";
    this.#context.drawImage(this.#context.canvas, dx, dy);
    this.#context.globalCompositeOperation = "source-over";
    this.#drawChanges(projection);
    for (const area of uncoveredBy(projection, dx, dy)) {
      this.#within(area, () => {
        const tiles = tilesIn(this.#board, cellsIn(projection, area));
        for (const tile of tiles) this.#drawTile(projection, tile);
      });
    }
  }

  /** @param {Projection} projection */
  #drawChanges(projection) {
    const visible = new Set(tilesIn(this.#board, projection));
    for (const tile of this.#board.dirtyTiles()) {
      const changed = this.#board.peekDirty(tile);
      if (!changed || !visible.has(tile)) continue;
      if (this.#isLate()) return;
      const { left, top, right, bottom } = areaOf(projection, changed);
      const blurred = {
        left: left - BLUR,
        top: top - BLUR,
        right: right + BLUR,
        bottom: bottom + BLUR,
      };
      this.#within(blurred, () => {
        this.#drawTile(projection, tile);
        this.#drawSymbols(projection, changed);
      });
    }
  }

  /**
   * Draw with marks only inside of an area.
   * @param {Area} area
   * @param {() => void} draw
   */
  #within({ left, top, right, bottom }, draw) {
    this.#context.save();
    this.#context.beginPath();
    this.#context.rect(left, top, right - left, bottom - top);
    this.#context.clip();
    draw();
    this.#context.restore();
  }

  /**
   * @param {Projection} projection
   * @param {Rect} cells
   */
  #drawSymbols(projection, cells) {
    if (!this.#scene().symbols) return;
    this.#symbols.draw(this.#context, projection, overlap(cells, projection));
  }

  /**
   * @param {Projection} projection
   * @param {number} tile
   */
  #drawTile(projection, tile) {
    const halvings = this.#halvingsOf(projection, tile);
    const canvas = this.#tiles.canvas(tile, halvings, this.#isLate());
    const side = 2 ** halvings;
    const whole = this.#board.tileRect(tile);
    const seen = projection.pixel < 1 ? whole : overlap(whole, projection);
    const [sx, sy] = [(seen.x0 - whole.x0) / side, (seen.y0 - whole.y0) / side];
    const [sw, sh] = [(seen.x1 - seen.x0) / side, (seen.y1 - seen.y0) / side];
    const { left, top, right, bottom } = areaOf(projection, seen);
    this.#context.imageSmoothingEnabled = projection.pixel < 1;
    this.#context.drawImage(canvas, sx, sy, sw, sh, left, top, right - left, bottom - top);
  }

  /**
   * Return the halvings to draw a tile in. A frame that has painted enough takes another size that
   * is painted already.
   * @param {Projection} projection
   * @param {number} tile
   */
  #halvingsOf(projection, tile) {
    const wanted = halvingsAt(projection.pixel);
    const painted = this.#tiles.nearest(tile, wanted);
    if (painted === wanted) return wanted;
    if (performance.now() < this.#began + PAINTING_MS) return wanted;
    this.#unfinished = true;
    return painted;
  }
}

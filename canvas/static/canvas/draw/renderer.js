/**
 * Draws the board: at most once an animation frame, and only what changed.
 *
 * From afar the board is drawn from tiles that are halved until they are nearly as small as they are
 * seen: to scale them further takes little. A drag from afar moves the picture, and draws only what
 * comes into sight at its edges.
 */

import { TILE } from "../state/board.js";
import { drawOverlay } from "./overlay.js";
import { halvingsAt } from "./downscale.js";
import { Symbols } from "./symbols.js";
import { Tiles } from "./tiles.js";
import { areaOf, cellsIn, overlap, uncoveredBy, project } from "../state/projection.js";

// Device pixels: from afar a cell colours its whole square of cells, and the smoothing its neighbours.
const BLUR = 3;

// ms after which a frame paints no more tiles in a size that they have not been seen in.
const PAINTING = 4;

export class Renderer {
  #board;
  #viewport;
  #context;
  #overlay;
  #scene;
  #tiles;
  #symbols = new Symbols();
  #request = 0;
  /** What the board's canvas shows. @type {import("../state/projection.js").Projection | null} */
  #painted = null;
  #overlayStale = true;
  /** When this frame has painted enough, and whether it left some for the next. */
  #deadline = 0;
  #unfinished = false;

  /**
   * @param {{canvas: HTMLCanvasElement, overlay: HTMLCanvasElement,
   *   board: import("../state/board.js").Board, viewport: import("../state/viewport.js").Viewport,
   *   scene: () => import("./overlay.js").Scene}} parts
   */
  constructor({ canvas, overlay, board, viewport, scene }) {
    this.#board = board;
    this.#viewport = viewport;
    this.#scene = scene;
    this.#tiles = new Tiles(board);
    this.#context = canvas.getContext("2d");
    this.#overlay = overlay.getContext("2d");
  }

  /** @param {string[]} palette */
  setPalette(palette) {
    this.#tiles.setPalette(palette);
    this.#symbols.setPalette(palette);
    this.request("all");
  }

  /** @param {"all"|"view"|"cells"|"overlay"} what may look different; `view`: another part is seen */
  request(what) {
    if (what === "all") this.#painted = null;
    if (what !== "cells") this.#overlayStale = true;
    this.#request ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#request = 0;
    this.#deadline = performance.now() + PAINTING;
    this.#unfinished = false;
    this.#fit();
    const projection = project(this.#viewport, this.#board, this.#context.canvas);
    this.#drawBoard(projection);
    this.#tiles.refresh();
    if (this.#overlayStale) drawOverlay(this.#overlay, projection, this.#scene());
    this.#overlayStale = false;
    if (this.#unfinished) this.request("all");
  }

  /** Gives both canvases one pixel a device pixel. */
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

  #drawBoard(projection) {
    const before = this.#painted;
    this.#painted = projection;
    const dx = projection.left - before?.left;
    const dy = projection.top - before?.top;
    if (before?.pixel !== projection.pixel) this.#drawAll(projection);
    else if (dx === 0 && dy === 0) this.#drawChanges(projection);
    else if (projection.pixel < 1) this.#drawMoved(projection, dx, dy);
    else this.#drawAll(projection);
  }

  #drawAll(projection) {
    this.#context.clearRect(0, 0, projection.width, projection.height);
    for (const tile of this.#tilesOf(projection)) this.#drawTile(projection, tile);
    this.#drawSymbols(projection, projection);
  }

  #drawMoved(projection, dx, dy) {
    this.#context.globalCompositeOperation = "copy";
    this.#context.drawImage(this.#context.canvas, dx, dy);
    this.#context.globalCompositeOperation = "source-over";
    this.#drawChanges(projection);
    for (const area of uncoveredBy(projection, dx, dy)) {
      this.#within(area, () => {
        for (const tile of this.#tilesOf(cellsIn(projection, area))) this.#drawTile(projection, tile);
      });
    }
  }

  #drawChanges(projection) {
    const visible = new Set(this.#tilesOf(projection));
    for (const tile of this.#board.dirtyTiles()) {
      if (!visible.has(tile)) continue;
      const changed = this.#board.peekDirty(tile);
      const { left, top, right, bottom } = areaOf(projection, changed);
      const reached = { left: left - BLUR, top: top - BLUR, right: right + BLUR, bottom: bottom + BLUR };
      this.#within(reached, () => {
        this.#drawTile(projection, tile);
        this.#drawSymbols(projection, changed);
      });
    }
  }

  /** @param {import("../state/projection.js").Area} area @param {() => void} draw whose marks stay inside */
  #within({ left, top, right, bottom }, draw) {
    this.#context.save();
    this.#context.beginPath();
    this.#context.rect(left, top, right - left, bottom - top);
    this.#context.clip();
    draw();
    this.#context.restore();
  }

  #drawSymbols(projection, cells) {
    if (this.#scene().symbols) this.#symbols.draw(this.#context, projection, overlap(cells, projection));
  }

  #drawTile(projection, tile) {
    const halvings = this.#halvingsOf(projection, tile);
    const canvas = this.#tiles.canvas(tile, halvings);
    const side = 2 ** halvings;
    const whole = this.#board.tileRect(tile);
    const seen = projection.pixel < 1 ? whole : overlap(whole, projection);
    const { left, top, right, bottom } = areaOf(projection, seen);
    this.#context.imageSmoothingEnabled = projection.pixel < 1;
    this.#context.drawImage(
      canvas, (seen.x0 - whole.x0) / side, (seen.y0 - whole.y0) / side,
      (seen.x1 - seen.x0) / side, (seen.y1 - seen.y0) / side,
      left, top, right - left, bottom - top,
    );
  }

  /** A frame that has painted enough draws a tile from what is painted of it in another size. */
  #halvingsOf(projection, tile) {
    const wanted = halvingsAt(projection.pixel);
    const painted = this.#tiles.nearest(tile, wanted);
    if (painted === wanted) return wanted;
    if (performance.now() < this.#deadline) return wanted;
    this.#unfinished = true;
    return painted;
  }

  /** @param {import("../state/projection.js").Rect} cells @returns {number[]} */
  #tilesOf({ x0, y0, x1, y1 }) {
    const tiles = [];
    for (let row = Math.floor(y0 / TILE); row * TILE < y1; row++) {
      for (let column = Math.floor(x0 / TILE); column * TILE < x1; column++) {
        tiles.push(row * this.#board.columns + column);
      }
    }
    return tiles;
  }
}

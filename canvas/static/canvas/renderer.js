/**
 * Draws the board: at most once an animation frame, and only what changed.
 *
 * From afar every frame of a drag would scale the whole board anew. There the picture is moved
 * instead, and only what comes into sight at its edges is drawn.
 */

import { TILE } from "./board.js";
import { drawOverlay } from "./overlay.js";
import { Symbols } from "./symbols.js";
import { Tiles } from "./tiles.js";
import { areaOf, cellsIn, overlap, uncoveredBy, viewOf } from "./view.js";

export class Renderer {
  #board;
  #viewport;
  #context;
  #overlay;
  #scene;
  #tiles;
  #symbols = new Symbols();
  #request = 0;
  /** What the board's canvas shows. @type {import("./view.js").View | null} */
  #painted = null;
  #overlayStale = true;
  /** Called after each drawing with its duration in ms. @type {((ms: number) => void) | null} */
  onFrame = null;

  /**
   * @param {{canvas: HTMLCanvasElement, overlay: HTMLCanvasElement,
   *   board: import("./board.js").Board, viewport: import("./viewport.js").Viewport,
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
    const start = performance.now();
    this.#request = 0;
    this.#fit();
    const view = viewOf(this.#viewport, this.#board, this.#context.canvas);
    this.#drawBoard(view);
    if (this.#overlayStale) drawOverlay(this.#overlay, view, this.#scene());
    this.#overlayStale = false;
    this.onFrame?.(performance.now() - start);
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

  #drawBoard(view) {
    const before = this.#painted;
    this.#painted = view;
    const dx = view.left - before?.left;
    const dy = view.top - before?.top;
    if (before?.pixel !== view.pixel) this.#drawAll(view);
    else if (dx === 0 && dy === 0) this.#drawChanges(view);
    else if (view.pixel < 1) this.#drawMoved(view, dx, dy);
    else this.#drawAll(view);
  }

  #drawAll(view) {
    this.#context.clearRect(0, 0, view.width, view.height);
    for (const tile of this.#tilesOf(view)) this.#drawTile(view, tile);
    this.#drawSymbols(view, view);
  }

  #drawMoved(view, dx, dy) {
    this.#context.globalCompositeOperation = "copy";
    this.#context.drawImage(this.#context.canvas, dx, dy);
    this.#context.globalCompositeOperation = "source-over";
    this.#drawChanges(view);
    for (const area of uncoveredBy(view, dx, dy)) {
      this.#within(area, () => {
        for (const tile of this.#tilesOf(cellsIn(view, area))) this.#drawTile(view, tile);
      });
    }
  }

  #drawChanges(view) {
    const visible = new Set(this.#tilesOf(view));
    for (const tile of this.#board.dirtyTiles()) {
      if (!visible.has(tile)) continue;
      const changed = this.#board.peekDirty(tile);
      const { left, top, right, bottom } = areaOf(view, changed);
      this.#within({ left: left - 1, top: top - 1, right: right + 1, bottom: bottom + 1 }, () => {
        this.#drawTile(view, tile);
        this.#drawSymbols(view, changed);
      });
    }
  }

  /** @param {import("./view.js").Area} area @param {() => void} draw whose marks stay inside */
  #within({ left, top, right, bottom }, draw) {
    this.#context.save();
    this.#context.beginPath();
    this.#context.rect(left, top, right - left, bottom - top);
    this.#context.clip();
    draw();
    this.#context.restore();
  }

  #drawSymbols(view, cells) {
    if (this.#scene().symbols) this.#symbols.draw(this.#context, view, overlap(cells, view));
  }

  #drawTile(view, tile) {
    const canvas = this.#tiles.canvas(tile);
    const whole = this.#board.tileRect(tile);
    const seen = view.pixel < 1 ? whole : overlap(whole, view);
    const { left, top, right, bottom } = areaOf(view, seen);
    this.#context.imageSmoothingEnabled = view.pixel < 1;
    this.#context.drawImage(
      canvas, seen.x0 - whole.x0, seen.y0 - whole.y0, seen.x1 - seen.x0, seen.y1 - seen.y0,
      left, top, right - left, bottom - top,
    );
  }

  /** @param {import("./view.js").Rect} cells @returns {number[]} */
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

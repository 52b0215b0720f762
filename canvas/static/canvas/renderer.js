/** Draws the board: at most once an animation frame, and only what changed. */

import { TILE } from "./board.js";
import { drawOverlay } from "./overlay.js";
import { Symbols } from "./symbols.js";
import { Tiles } from "./tiles.js";

export class Renderer {
  #board;
  #viewport;
  #context;
  #overlay;
  #scene;
  #tiles;
  #symbols = new Symbols();
  #request = 0;
  #stale = { view: true, overlay: true };
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
    this.request("view");
  }

  /** @param {"view"|"cells"|"overlay"} what */
  request(what) {
    if (what === "view") this.#stale.view = true;
    if (what !== "cells") this.#stale.overlay = true;
    this.#request ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    const start = performance.now();
    this.#request = 0;
    this.#fit();
    const view = this.#view();
    if (this.#stale.view) this.#drawView(view);
    else this.#drawChanges(view);
    if (this.#stale.overlay) drawOverlay(this.#overlay, view, this.#scene());
    this.#stale = { view: false, overlay: false };
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
      this.#stale = { view: true, overlay: true };
    }
  }

  /** @returns {import("./overlay.js").View} the viewport in device pixels */
  #view() {
    const { x, y, scale } = this.#viewport;
    const { width, height } = this.#context.canvas;
    const ratio = width / this.#viewport.width;
    const pixel = scale * ratio;
    const left = width / 2 - x * pixel;
    const top = height / 2 - y * pixel;
    const board = this.#board;
    return {
      ratio, pixel, left, top, width, height, board,
      x0: Math.max(0, Math.floor(-left / pixel)),
      y0: Math.max(0, Math.floor(-top / pixel)),
      x1: Math.min(board.width, Math.ceil((width - left) / pixel)),
      y1: Math.min(board.height, Math.ceil((height - top) / pixel)),
    };
  }

  #drawView(view) {
    this.#context.clearRect(0, 0, view.width, view.height);
    for (const tile of this.#visible(view)) this.#drawTile(view, tile);
    this.#drawSymbols(view, view);
  }

  #drawChanges(view) {
    const context = this.#context;
    const visible = new Set(this.#visible(view));
    for (const tile of this.#board.dirtyTiles()) {
      if (!visible.has(tile)) continue;
      const changed = this.#board.peekDirty(tile);
      const { left, top, right, bottom } = device(view, changed);
      context.save();
      context.beginPath();
      context.rect(left - 1, top - 1, right - left + 2, bottom - top + 2);
      context.clip();
      this.#drawTile(view, tile);
      this.#drawSymbols(view, changed);
      context.restore();
    }
  }

  #drawSymbols(view, cells) {
    if (this.#scene().symbols) this.#symbols.draw(this.#context, view, overlap(cells, view));
  }

  #drawTile(view, tile) {
    const canvas = this.#tiles.canvas(tile);
    const whole = this.#board.tileRect(tile);
    const seen = view.pixel < 1 ? whole : overlap(whole, view);
    const { left, top, right, bottom } = device(view, seen);
    this.#context.imageSmoothingEnabled = view.pixel < 1;
    this.#context.drawImage(
      canvas, seen.x0 - whole.x0, seen.y0 - whole.y0, seen.x1 - seen.x0, seen.y1 - seen.y0,
      left, top, right - left, bottom - top,
    );
  }

  #visible(view) {
    const tiles = [];
    for (let row = Math.floor(view.y0 / TILE); row * TILE < view.y1; row++) {
      for (let column = Math.floor(view.x0 / TILE); column * TILE < view.x1; column++) {
        tiles.push(row * this.#board.columns + column);
      }
    }
    return tiles;
  }
}

function overlap(a, b) {
  return {
    x0: Math.max(a.x0, b.x0), y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1), y1: Math.min(a.y1, b.y1),
  };
}

/** Whole device pixels, so that neighbours share an edge and no seam shows. */
function device(view, { x0, y0, x1, y1 }) {
  return {
    left: Math.round(view.left + x0 * view.pixel),
    top: Math.round(view.top + y0 * view.pixel),
    right: Math.round(view.left + x1 * view.pixel),
    bottom: Math.round(view.top + y1 * view.pixel),
  };
}

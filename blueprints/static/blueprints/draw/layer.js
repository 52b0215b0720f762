/**
 * The layer of the blueprints: it paints what comes into sight and what has changed, and no more.
 * While the board is zoomed the picture is only stretched, and painted anew when it rests.
 */

import { paint } from "./raster.js";

/**
 * @import { Projection } from "../../canvas/state/projection.js"
 * @import { Subject } from "./brushes.js"
 * @import { Area } from "./raster.js"
 *
 * @typedef {{x: number, y: number}} Cell
 */

const REST_MS = 120; // after this long without another zoom
const MOST_CHANGES = 2_000; // cells: more are painted as a whole

export class BlueprintLayer {
  canvas;
  #context;
  #subject;
  #request;
  /** What the canvas shows. @type {Projection | null} */
  #painted = null;
  #stale = true;
  /** Cells that have changed since the last frame. @type {Cell[]} */
  #changed = [];
  /** @type {number | undefined} */
  #timer;
  #pixels = new Uint32Array(0);

  /**
   * @param {object} parts
   * @param {HTMLCanvasElement} parts.canvas
   * @param {() => Subject | null} parts.subject what is drawn now; null: nothing
   * @param {() => void} parts.request asks for another frame
   */
  constructor({ canvas, subject, request }) {
    this.canvas = canvas;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser draws on no canvas");
    this.#context = context;
    this.#subject = subject;
    this.#request = request;
    canvas.addEventListener("contextrestored", () => this.refresh());
  }

  /** Paint all anew in the next frame. */
  refresh() {
    this.#stale = true;
    this.#request();
  }

  /**
   * Paint a cell anew in the next frame: it was drawn on.
   * @param {Cell} cell
   */
  touch(cell) {
    if (this.#changed.length < MOST_CHANGES) this.#changed.push(cell);
    else this.#stale = true;
  }

  /** @param {Projection} projection */
  draw = (projection) => {
    const subject = this.#subject();
    this.canvas.hidden = !subject;
    if (subject) this.#draw(projection, subject);
    else this.#painted = null;
    this.#changed = [];
  };

  /**
   * @param {Projection} projection
   * @param {Subject} subject
   */
  #draw(projection, subject) {
    const before = this.#painted;
    const resized = before?.width !== projection.width || before.height !== projection.height;
    if (this.#stale || !before || resized) return this.#paintAll(projection, subject);
    if (before.pixel !== projection.pixel) return this.#stretch(before, projection);
    // It has come back to the zoom that it was painted in.
    if (this.canvas.style.transform) return this.#paintAll(projection, subject);
    const [dx, dy] = [projection.left - before.left, projection.top - before.top];
    this.#painted = projection;
    if (dx || dy) this.#move(projection, subject, dx, dy);
    if (subject.mode === "wrong" || subject.mode === "signs") {
      for (const cell of this.#changed) this.#paintCell(projection, subject, cell);
    }
  }

  /**
   * @param {Projection} projection
   * @param {Subject} subject
   */
  #paintAll(projection, subject) {
    window.clearTimeout(this.#timer);
    const { width, height } = projection;
    this.#stale = false;
    this.#painted = projection;
    this.canvas.style.transform = "";
    this.#paint(projection, subject, { left: 0, top: 0, right: width, bottom: height });
  }

  /**
   * Stretch what is painted to where it lies now.
   * @param {Projection} before
   * @param {Projection} now
   */
  #stretch(before, now) {
    const factor = now.pixel / before.pixel;
    const x = (now.left - before.left * factor) / now.ratio;
    const y = (now.top - before.top * factor) / now.ratio;
    this.canvas.style.transformOrigin = "0 0";
    this.canvas.style.transform = `translate(${x}px, ${y}px) scale(${factor})`;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.refresh(), REST_MS);
  }

  /**
   * Move what is painted, and paint what comes into sight at the edges.
   * @param {Projection} projection
   * @param {Subject} subject
   * @param {number} dx device pixels
   * @param {number} dy device pixels
   */
  #move(projection, subject, dx, dy) {
    const { width, height } = projection;
    this.#context.globalCompositeOperation = "copy";
    this.#context.drawImage(this.canvas, dx, dy);
    this.#context.globalCompositeOperation = "source-over";
    for (const area of [
      { left: 0, top: 0, right: Math.min(dx, width), bottom: height },
      { left: Math.max(width + dx, 0), top: 0, right: width, bottom: height },
      { left: 0, top: 0, right: width, bottom: Math.min(dy, height) },
      { left: 0, top: Math.max(height + dy, 0), right: width, bottom: height },
    ]) {
      this.#paint(projection, subject, area);
    }
  }

  /**
   * @param {Projection} projection
   * @param {Subject} subject
   * @param {Cell} cell
   */
  #paintCell(projection, subject, { x, y }) {
    const { left, top, pixel, width, height } = projection;
    this.#paint(projection, subject, {
      left: Math.max(0, Math.round(left + x * pixel)),
      top: Math.max(0, Math.round(top + y * pixel)),
      right: Math.min(width, Math.max(Math.round(left + (x + 1) * pixel), left + x * pixel + 1)),
      bottom: Math.min(height, Math.max(Math.round(top + (y + 1) * pixel), top + y * pixel + 1)),
    });
  }

  /**
   * @param {Projection} projection
   * @param {Subject} subject
   * @param {Area} area
   */
  #paint(projection, subject, area) {
    const [left, top] = [Math.floor(area.left), Math.floor(area.top)];
    const [right, bottom] = [Math.ceil(area.right), Math.ceil(area.bottom)];
    const [width, height] = [right - left, bottom - top];
    if (width <= 0 || height <= 0) return;
    const length = width * height;
    if (this.#pixels.length < length) this.#pixels = new Uint32Array(length);
    const pixels = this.#pixels.subarray(0, length);
    paint(pixels, { left, top, right, bottom }, projection, subject);
    const bytes = new Uint8ClampedArray(this.#pixels.buffer, 0, length * 4);
    this.#context.putImageData(new ImageData(bytes, width, height), left, top);
  }
}

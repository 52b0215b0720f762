/**
 * The layer of the blueprints: it paints what comes into sight and what has changed, and no more.
 * While the board is zoomed the picture is only stretched, and painted anew when it rests.
 */

import { PlanTiles } from "./tiles.js";

/**
 * @import { Projection } from "../../canvas/state/projection.js"
 * @import { Subject } from "./brushes.js"
 * @import { Cell } from "./tiles.js"
 */

const REST_MS = 120; // after this long without another zoom
const MOST_CHANGES = 2_000; // cells: more are painted as a whole
// A frame that has painted for so long leaves tiles that are not in sight yet for the next.
const MOVING_MS = 1;
const STANDING_MS = 8;

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
  #tiles = new PlanTiles();
  #unfinished = false;

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
    const moved = projection.left !== before.left || projection.top !== before.top;
    this.#painted = projection;
    if (subject.mode === "wrong" || subject.mode === "signs") {
      for (const cell of this.#changed) this.#tiles.touch(this.#context, projection, subject, cell);
    }
    if (moved || this.#unfinished) this.#lay(projection, subject, moved ? MOVING_MS : STANDING_MS);
  }

  /**
   * @param {Projection} projection
   * @param {Subject} subject
   */
  #paintAll(projection, subject) {
    window.clearTimeout(this.#timer);
    this.#stale = false;
    this.#painted = projection;
    this.canvas.style.transform = "";
    this.#tiles.forget();
    this.#lay(projection, subject, STANDING_MS);
  }

  /**
   * @param {Projection} projection
   * @param {Subject} subject
   * @param {number} ms that may be painted for
   */
  #lay(projection, subject, ms) {
    const end = performance.now() + ms;
    const isLate = () => performance.now() > end;
    this.#unfinished = !this.#tiles.lay(this.#context, projection, subject, isLate);
    if (this.#unfinished) this.#request();
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
}

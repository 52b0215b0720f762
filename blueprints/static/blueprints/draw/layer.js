/**
 * The layer of the blueprints: it paints what comes into sight and what has changed, and no more.
 * Its canvas is larger than the window: a drag only moves it, until a part is missing. While the
 * board is zoomed the picture is only stretched, and painted anew when it rests.
 */

import { PlanTiles } from "./tiles.js";

/**
 * @import { Projection } from "../../canvas/state/projection.js"
 * @import { Subject } from "./brushes.js"
 * @import { Cell } from "./tiles.js"
 */

const REST_MS = 120; // after this long without another zoom
const MARGIN = 256; // device pixels that are painted on each side of the window
const MOST_CHANGES = 2_000; // cells: more are painted as a whole
// A frame that has painted for so long leaves tiles that are not in sight yet for the next.
const MOVING_MS = 1;
const STANDING_MS = 8;

export class BlueprintLayer {
  canvas;
  #context;
  #subject;
  #request;
  /** The view that is painted, for the window before any move. @type {Projection | null} */
  #painted = null;
  #zoomed = false;
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
    const painted = this.#painted;
    const resized = painted?.width !== projection.width || painted.height !== projection.height;
    if (this.#stale || !painted || resized) return this.#paintAll(projection, subject);
    if (painted.pixel !== projection.pixel) return this.#stretch(painted, projection);
    // It has come back to the zoom that it was painted in.
    if (this.#zoomed) return this.#paintAll(projection, subject);
    if (subject.mode === "wrong" || subject.mode === "signs") {
      const whole = widened(painted);
      for (const cell of this.#changed) this.#tiles.touch(this.#context, whole, subject, cell);
    }
    const moved = projection.left !== painted.left || projection.top !== painted.top;
    const missing = moved && !covers(painted, projection);
    if (missing || this.#unfinished)
      this.#lay(projection, subject, moved ? MOVING_MS : STANDING_MS);
    else this.#move(painted, projection);
  }

  /**
   * @param {Projection} projection
   * @param {Subject} subject
   */
  #paintAll(projection, subject) {
    window.clearTimeout(this.#timer);
    this.#stale = this.#zoomed = false;
    this.#fit(projection);
    this.#tiles.forget();
    this.#lay(projection, subject, STANDING_MS);
  }

  /**
   * Give the canvas one pixel a device pixel, of the window and the margin around it.
   * @param {Projection} projection
   */
  #fit({ ratio, ...window }) {
    const { width, height } = widened(window);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    Object.assign(this.canvas.style, {
      inset: `${-MARGIN / ratio}px auto auto ${-MARGIN / ratio}px`,
      width: `${width / ratio}px`,
      height: `${height / ratio}px`,
      transformOrigin: "0 0",
    });
  }

  /**
   * @param {Projection} projection
   * @param {Subject} subject
   * @param {number} ms that may be painted for
   */
  #lay(projection, subject, ms) {
    const end = performance.now() + ms;
    const isLate = () => performance.now() > end;
    this.#painted = projection;
    this.#move(projection, projection);
    this.#unfinished = !this.#tiles.lay(this.#context, widened(projection), subject, isLate);
    if (this.#unfinished) this.#request();
  }

  /**
   * Stretch what is painted to where it lies now.
   * @param {Projection} painted
   * @param {Projection} now
   */
  #stretch(painted, now) {
    this.#zoomed = true;
    this.#move(painted, now);
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.refresh(), REST_MS);
  }

  /**
   * Show what is painted where it lies now.
   * @param {Projection} painted
   * @param {Projection} now
   */
  #move(painted, now) {
    const factor = now.pixel / painted.pixel;
    const x = (now.left - painted.left * factor + MARGIN * (1 - factor)) / now.ratio;
    const y = (now.top - painted.top * factor + MARGIN * (1 - factor)) / now.ratio;
    this.canvas.style.transform = `translate(${x}px, ${y}px) scale(${factor})`;
  }
}

/**
 * Return a window with the margin around it.
 * @template {{left: number, top: number, width: number, height: number}} Window
 * @param {Window} window
 * @returns {Window}
 */
function widened(window) {
  return {
    ...window,
    left: window.left + MARGIN,
    top: window.top + MARGIN,
    width: window.width + 2 * MARGIN,
    height: window.height + 2 * MARGIN,
  };
}

/**
 * Tell whether all of the board that is in sight is painted.
 * @param {Projection} painted
 * @param {Projection} now of the same zoom
 */
function covers(painted, now) {
  const { pixel, board, width, height } = now;
  const [dx, dy] = [now.left - painted.left, now.top - painted.top];
  const left = Math.max(0, now.left);
  const top = Math.max(0, now.top);
  const right = Math.min(width, now.left + board.width * pixel);
  const bottom = Math.min(height, now.top + board.height * pixel);
  if (left >= right || top >= bottom) return true;
  const across = left >= dx - MARGIN && right <= dx + width + MARGIN;
  return across && top >= dy - MARGIN && bottom <= dy + height + MARGIN;
}

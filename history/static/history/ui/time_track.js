/** The track: a slider over time, with marks for what was busy, moderated or changed. */

import { make } from "./elements.js";

/** @import { Marks } from "../board/marks.js" */

/** @typedef {{from: number, to: number}} Span in ms since 1970 */

const HEIGHT = 40; // CSS pixels
const BINS = 240;

export class TimeTrack {
  /** @type {Span} */
  span = { from: 0, to: 1 };
  /** @type {Marks | null} */
  #marks = null;
  #canvas = make("canvas");
  #thumb = make("i", { className: "past-thumb" });
  #moved;

  /** @param {(ms: number) => void} moved called with the moment under the pointer */
  constructor(moved) {
    this.#moved = moved;
    // Time runs from left to right in players of every language.
    this.element = make(
      "div",
      {
        className: "past-track",
        role: "slider",
        dir: "ltr",
        tabIndex: 0,
        "aria-orientation": "horizontal",
      },
      this.#canvas,
      this.#thumb,
    );
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#canvas.addEventListener("contextrestored", () => this.#draw());
    this.element.addEventListener("pointerdown", (event) => this.#grab(event));
    this.element.addEventListener("pointermove", (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.#pointAt(event);
    });
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  get bins() {
    return BINS;
  }

  /**
   * Show marks of the span.
   * @param {Marks} marks
   */
  mark(marks) {
    this.#marks = marks;
    this.#draw();
  }

  /**
   * Show a moment.
   * @param {number} ms since 1970
   * @param {string} words
   */
  show(ms, words) {
    const { from, to } = this.span;
    const share = to > from ? (ms - from) / (to - from) : 1;
    this.#thumb.style.left = `${Math.min(Math.max(share, 0), 1) * 100}%`;
    for (const [name, value] of [
      ["valuemin", from],
      ["valuemax", to],
      ["valuenow", Math.min(Math.max(ms, from), to)],
    ]) {
      this.element.setAttribute(`aria-${name}`, String(value));
    }
    this.element.setAttribute("aria-valuetext", words);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    this.#pointAt(event);
  }

  /** @param {PointerEvent} event */
  #pointAt({ clientX }) {
    const { left, width } = this.#canvas.getBoundingClientRect();
    const share = Math.min(Math.max((clientX - left) / width, 0), 1);
    this.#moved(this.span.from + share * (this.span.to - this.span.from));
  }

  #draw() {
    const context = this.#canvas.getContext("2d");
    const marks = this.#marks;
    if (!context || !marks) return;
    const ratio = window.devicePixelRatio || 1;
    const width = this.#canvas.clientWidth;
    this.#canvas.width = Math.max(1, Math.round(width * ratio));
    this.#canvas.height = Math.round(HEIGHT * ratio);
    context.scale(ratio, ratio);
    const style = getComputedStyle(this.element);
    context.fillStyle = style.getPropertyValue("--busy");
    const most = Math.max(...marks.busy, 1);
    const step = width / marks.busy.length;
    for (const [bin, count] of marks.busy.entries()) {
      // A single pixel is seen too.
      const high = count ? Math.max(2, Math.sqrt(count / most) * (HEIGHT - 14)) : 0;
      context.fillRect(bin * step, HEIGHT - 7 - high, Math.max(1, step - 0.5), high);
    }
    this.#drawEvents(context, style, width);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {CSSStyleDeclaration} style
   * @param {number} width CSS pixels
   */
  #drawEvents(context, style, width) {
    const { moderated, rules } = /** @type {Marks} */ (this.#marks);
    context.fillStyle = style.getPropertyValue("--moderated");
    for (const [bin, was] of moderated.entries()) {
      if (!was) continue;
      context.beginPath();
      context.arc(((bin + 0.5) * width) / moderated.length, 4, 2.5, 0, 2 * Math.PI);
      context.fill();
    }
    context.fillStyle = style.getPropertyValue("--rules");
    const { from, to } = this.span;
    for (const at of rules)
      context.fillRect(((at - from) / (to - from)) * width - 1, 0, 2, HEIGHT - 7);
  }
}

/** A region of the board, chosen by a drag from corner to corner, or framed by keys. */

import { Framing, inMiddleOf } from "../../canvas/lib/framing.js";

/**
 * @import { Viewport } from "../../canvas/state/viewport.js"
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Region in cells
 * @typedef {{x: number, y: number}} Point
 */

export class RegionChooser {
  #viewport;
  #stage;
  #board;
  /** @type {((region: Region) => void) | null} */
  #chosen = null;
  /** @type {{pointer: number, from: Point} | null} */
  #drag = null;
  /** Set once a key was pressed. @type {Framing | null} */
  #framing = null;
  #say;
  #box = document.createElement("div");

  /**
   * @param {object} parts
   * @param {Viewport} parts.viewport
   * @param {HTMLElement} parts.stage
   * @param {{width: number, height: number}} parts.board in cells
   * @param {(region: Region) => void} parts.say what is framed
   */
  constructor({ viewport, stage, board, say }) {
    this.#viewport = viewport;
    this.#stage = stage;
    this.#board = board;
    this.#say = say;
    this.#box.className = "bp-region";
    this.#box.hidden = true;
    stage.append(this.#box);
    const capture = { capture: true };
    window.addEventListener("pointerdown", (event) => this.#down(event), capture);
    window.addEventListener("pointermove", (event) => this.#move(event), capture);
    window.addEventListener("pointerup", (event) => this.#up(event), capture);
    window.addEventListener("pointercancel", () => this.#drop(), capture);
    window.addEventListener("keydown", (event) => this.#key(event), capture);
  }

  /** True while the next drag chooses. */
  get waiting() {
    return this.#chosen !== null;
  }

  /** @param {(region: Region) => void} chosen */
  begin(chosen) {
    this.#chosen = chosen;
  }

  end() {
    this.#chosen = null;
    this.#drop();
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (!this.#chosen || event.target !== this.#stage || event.button !== 0) return;
    event.stopPropagation();
    event.preventDefault();
    if (this.#drag) return;
    this.#stage.setPointerCapture(event.pointerId);
    this.#drag = { pointer: event.pointerId, from: this.#at(event) };
    this.#show(event);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#chosen || (event.target !== this.#stage && event.target !== document.body)) return;
    const takes = event.key === "Enter" && this.#framing !== null;
    if (!takes && !this.#frames(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const { region } = /** @type {Framing} */ (this.#framing);
    if (!takes) return this.#showFramed(region);
    const chosen = this.#chosen;
    this.end();
    chosen(region);
  }

  /**
   * Frame as a key says; the first one only shows where the region begins.
   * @param {KeyboardEvent} event
   */
  #frames(event) {
    if (this.#framing) return this.#framing.press(event);
    if (!event.key.startsWith("Arrow")) return false;
    const viewport = this.#viewport;
    const from = viewport.toBoard(0, 0);
    const to = viewport.toBoard(viewport.width, viewport.height);
    const [x, y] = [Math.floor(from.x), Math.floor(from.y)];
    const seen = { x, y, width: Math.ceil(to.x) - x, height: Math.ceil(to.y) - y };
    this.#framing = new Framing(inMiddleOf(seen, this.#board), this.#board);
    return true;
  }

  /** @param {Region} region */
  #showFramed(region) {
    this.#lay(region);
    this.#say(region);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.#drag?.pointer) return;
    event.stopPropagation();
    this.#show(event);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (event.pointerId !== this.#drag?.pointer) return;
    event.stopPropagation();
    const region = this.#regionTo(event);
    const chosen = this.#chosen;
    this.end();
    if (region.width > 0 && region.height > 0) chosen?.(region);
  }

  #drop() {
    this.#drag = null;
    this.#framing = null;
    this.#box.hidden = true;
  }

  /** @param {PointerEvent} event */
  #show(event) {
    this.#lay(this.#regionTo(event));
  }

  /** @param {Region} region */
  #lay({ x, y, width, height }) {
    const at = this.#viewport.toScreen(x, y);
    const { scale } = this.#viewport;
    this.#box.hidden = false;
    this.#box.style.transform = `translate(${at.x}px, ${at.y}px)`;
    this.#box.style.width = `${width * scale}px`;
    this.#box.style.height = `${height * scale}px`;
  }

  /**
   * Return the cells between the corner where the drag began and this one, those of the board.
   * @param {PointerEvent} event
   * @returns {Region}
   */
  #regionTo(event) {
    const from = this.#drag?.from ?? { x: 0, y: 0 };
    const to = this.#at(event);
    const { width, height } = this.#board;
    const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x) + 1];
    const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y) + 1];
    const [x, y] = [Math.max(0, left), Math.max(0, top)];
    return { x, y, width: Math.min(width, right) - x, height: Math.min(height, bottom) - y };
  }

  /** @param {PointerEvent} event */
  #at({ clientX, clientY }) {
    const { left, top } = this.#stage.getBoundingClientRect();
    const { x, y } = this.#viewport.toBoard(clientX - left, clientY - top);
    return { x: Math.floor(x), y: Math.floor(y) };
  }
}

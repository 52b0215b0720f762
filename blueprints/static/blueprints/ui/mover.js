/** Moving a blueprint over the board, by a drag that begins on it or by arrow keys. */

/**
 * @import { Viewport } from "../../canvas/lib/viewport.js"
 * @import { Shelf } from "../model/shelf.js"
 *
 * @typedef {{x: number, y: number}} Point
 */

/** @type {Partial<Record<string, [number, number]>>} */
const ARROWS = { ArrowUp: [0, -1], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowRight: [1, 0] };
const FAR = 10; // cells, with shift
const MARGIN = 22; // CSS pixels around a small one, for a finger

export class Mover {
  /** The one that is moved. @type {string | null} */
  id = null;
  #shelf;
  #viewport;
  #stage;
  #board;
  #changed;
  #stepped;
  /** @type {{pointer: number, from: Point, place: Point} | null} */
  #drag = null;
  #frame = 0;

  /**
   * @param {object} parts
   * @param {Shelf} parts.shelf
   * @param {Viewport} parts.viewport
   * @param {HTMLElement} parts.stage
   * @param {{width: number, height: number}} parts.board in cells
   * @param {() => void} parts.changed called when moving begins, goes on, or ends
   * @param {() => void} parts.stepped called when a key has moved it
   */
  constructor({ shelf, viewport, stage, board, changed, stepped }) {
    this.#board = board;
    this.#shelf = shelf;
    this.#viewport = viewport;
    this.#stage = stage;
    this.#changed = changed;
    this.#stepped = stepped;
    // Before the board gets them: what moves a blueprint neither draws nor pans.
    const capture = { capture: true };
    window.addEventListener("pointerdown", (event) => this.#down(event), capture);
    window.addEventListener("pointermove", (event) => this.#move(event), capture);
    window.addEventListener("pointerup", (event) => this.#up(event), capture);
    window.addEventListener("pointercancel", (event) => this.#up(event), capture);
    window.addEventListener("keydown", (event) => this.#key(event), capture);
  }

  /** @param {string} id */
  begin(id) {
    this.id = id;
    if (!this.#blueprint?.on) this.#shelf.change(id, { on: true });
    this.#stage.focus({ preventScroll: true });
    this.#changed();
  }

  end() {
    this.id = null;
    this.#drag = null;
    this.#changed();
  }

  get #blueprint() {
    return this.id === null ? undefined : this.#shelf.find(this.id);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const blueprint = this.#blueprint;
    if (!blueprint || event.target !== this.#stage || event.button !== 0) return;
    if (this.#drag) return event.stopPropagation();
    const at = this.#at(event);
    const margin = MARGIN / this.#viewport.scale;
    const inside =
      at.x >= blueprint.x - margin &&
      at.y >= blueprint.y - margin &&
      at.x < blueprint.x + blueprint.image.width + margin &&
      at.y < blueprint.y + blueprint.image.height + margin;
    if (!inside) return;
    event.stopPropagation();
    event.preventDefault();
    this.#stage.focus({ preventScroll: true });
    this.#stage.setPointerCapture(event.pointerId);
    const place = { x: blueprint.x, y: blueprint.y };
    this.#drag = { pointer: event.pointerId, from: at, place };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.#drag?.pointer || this.id === null) return;
    event.stopPropagation();
    const { from, place } = this.#drag;
    const at = this.#at(event);
    const to = { x: Math.round(place.x + at.x - from.x), y: Math.round(place.y + at.y - from.y) };
    const { id } = this;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#shelf.slide(id, this.#within(to));
      this.#changed();
    });
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (event.pointerId !== this.#drag?.pointer) return;
    event.stopPropagation();
    this.#drag = null;
    // The last movement may still wait for its frame.
    requestAnimationFrame(() => this.#keep());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const blueprint = this.#blueprint;
    if (!blueprint || (event.target !== this.#stage && event.target !== document.body)) return;
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    const ends = event.key === "Enter" || event.key === "Escape";
    if (!ends && !dx && !dy) return;
    event.preventDefault();
    event.stopPropagation();
    if (ends) return this.end();
    const far = event.shiftKey ? FAR : 1;
    const to = { x: blueprint.x + dx * far, y: blueprint.y + dy * far };
    this.#shelf.slide(blueprint.id, this.#within(to));
    this.#keep();
    this.#stepped();
  }

  #keep() {
    const blueprint = this.#blueprint;
    if (blueprint) this.#shelf.change(blueprint.id, { x: blueprint.x, y: blueprint.y });
    this.#changed();
  }

  /**
   * Return the nearest place at which at least one cell lies on the board.
   * @param {Point} place
   */
  #within({ x, y }) {
    const { width, height } = this.#blueprint?.image ?? { width: 1, height: 1 };
    return {
      x: Math.min(Math.max(x, 1 - width), this.#board.width - 1),
      y: Math.min(Math.max(y, 1 - height), this.#board.height - 1),
    };
  }

  /** @param {PointerEvent} event */
  #at({ clientX, clientY }) {
    const { left, top } = this.#stage.getBoundingClientRect();
    return this.#viewport.toBoard(clientX - left, clientY - top);
  }
}

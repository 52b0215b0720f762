/** A region of the board, chosen by a drag from corner to corner, or framed by keys. */

import { RegionFrame } from "../../canvas/dom/region_frame.js";

/**
 * @import { View } from "../../canvas/dom/region_frame.js"
 * @import { Region, Size } from "../../canvas/lib/framing.js"
 */

export class RegionChooser {
  #stage;
  #frame;
  /** @type {((region: Region) => void) | null} */
  #chosen = null;
  /** The pointer that drags. @type {number | null} */
  #pointer = null;

  /**
   * @param {object} parts
   * @param {View} parts.viewport
   * @param {HTMLElement} parts.stage
   * @param {Size} parts.board
   * @param {(region: Region) => void} parts.say what is framed
   */
  constructor({ viewport, stage, board, say }) {
    this.#stage = stage;
    this.#frame = new RegionFrame(viewport, board, say);
    stage.append(this.#frame.element);
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
    if (this.#pointer !== null) return;
    this.#stage.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#frame.begin(this.#placeOf(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    event.stopPropagation();
    this.#frame.stretch(this.#placeOf(event));
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (event.pointerId !== this.#pointer) return;
    event.stopPropagation();
    this.#take(this.#frame.release(this.#placeOf(event)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#chosen || (event.target !== this.#stage && event.target !== document.body)) return;
    const pressed = this.#frame.press(event);
    if (!pressed) return;
    event.preventDefault();
    event.stopPropagation();
    if (pressed !== "framed") this.#take(pressed);
  }

  /** @param {Region | null} region */
  #take(region) {
    const chosen = this.#chosen;
    this.end();
    if (region) chosen?.(region);
  }

  #drop() {
    this.#pointer = null;
    this.#frame.drop();
  }

  /** @param {PointerEvent} event */
  #placeOf({ clientX, clientY }) {
    const { left, top } = this.#stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}

/** The actions of a person, by name: mouse, touch, keys and buttons all end here. */

import { AIMABLE, Cursor } from "./cursor.js";
import { ViewActions } from "./view_actions.js";

/**
 * @import { Key } from "../i18n/strings.js"
 * @import { Board } from "./board.js"
 * @import { Place } from "./permalink.js"
 * @import { Session } from "./session.js"
 * @import { Cell, Tool } from "./tool.js"
 * @import { Undo } from "./undo.js"
 * @import { Point, Viewport } from "./viewport.js"
 *
 * @typedef {object} Shell the page around the board
 * @property {(cell: Cell) => void} inspect shows who drew a cell
 * @property {() => void} help
 * @property {() => void} people
 * @property {() => void} goTo asks for a place
 * @property {() => void} copyLink
 * @property {() => void} saveView
 * @property {() => boolean} dismiss closes a panel; returns whether one was open
 * @property {(key: Key) => void} tell shows a short message
 * @property {(text: string) => void} announce says something to screen readers
 * @property {(cell: Cell) => string} describe a cell in words
 */

export class Actions extends ViewActions {
  #board;
  #viewport;
  #tool;
  #session;
  #undo;
  #shell;
  #cursor;

  /**
   * @param {object} parts
   * @param {Board} parts.board
   * @param {Viewport} parts.viewport
   * @param {Tool} parts.tool
   * @param {Session} parts.session
   * @param {Undo} parts.undo
   * @param {Shell} parts.shell
   */
  constructor({ board, viewport, tool, session, undo, shell }) {
    super({ viewport, tool });
    this.#board = board;
    this.#viewport = viewport;
    this.#tool = tool;
    this.#session = session;
    this.#undo = undo;
    this.#shell = shell;
    this.#cursor = new Cursor({ board, viewport, tool });
  }

  /**
   * Draw or inspect a cell; with a finger, which hides its target, only choose it.
   * @param {Point} at
   * @param {{touch: boolean, shift: boolean}} how
   */
  tap(at, { touch, shift }) {
    const cell = this.#cellAt(at);
    if (!cell) return this.#letGo();
    if (touch && !shift) return this.#cursor.aim(cell, at);
    this.#tool.set({ cursor: null, hover: cell });
    if (shift || this.#tool.color === null) this.#shell.inspect(cell);
    else if (this.#viewport.scale < AIMABLE) this.#approach(at);
    else this.#place(cell, this.#tool.color);
  }

  /** @param {Point | null} at null: nowhere */
  hoverAt(at) {
    this.#tool.set({ hover: at && this.#cellAt(at) });
  }

  /** @param {Point} at */
  inspectAt(at) {
    const cell = this.#cellAt(at);
    if (cell) this.#shell.inspect(cell);
  }

  /**
   * Choose the colour of a cell.
   * @param {Point} at
   */
  pickAt(at) {
    this.#pick(this.#cellAt(at));
  }

  /**
   * Move the cursor by cells. The first move only brings it into sight.
   * @param {number} dx
   * @param {number} dy
   */
  moveCursor(dx, dy) {
    this.#shell.announce(this.#shell.describe(this.#cursor.move(dx, dy)));
  }

  /** Ask for a place to go to. */
  openGoTo() {
    this.#shell.goTo();
  }

  /**
   * Go to a place, and choose its cell.
   * @param {Place} place
   * @returns {boolean} false when the board has no such cell
   */
  goTo(place) {
    if (!this.#board.contains(place.x, place.y)) return false;
    this.#cursor.goTo(place);
    this.#shell.announce(this.#shell.describe(place));
    return true;
  }

  /** Draw at the cursor; without one, bring the cursor into sight first. */
  placeHere() {
    const { cursor, color } = this.#tool;
    if (!cursor) return this.moveCursor(0, 0);
    if (color === null) return this.#session.emit("refused", { ...cursor, code: "no_color" });
    this.#place(cursor, color);
  }

  /** Take back the own pixel that was drawn last. */
  async undo() {
    const problem = await this.#undo.takeBack();
    if (problem) this.#shell.tell(problem);
  }

  inspectHere() {
    this.#shell.inspect(this.#tool.cell ?? this.#viewport.centre);
  }

  pickHere() {
    this.#pick(this.#tool.cell ?? this.#viewport.centre);
  }

  /**
   * Choose a colour; the one that is chosen already is dropped.
   * @param {number | null} index
   */
  chooseColor(index) {
    if (index === null || index === this.#tool.color) this.#tool.set({ color: null });
    else this.#hold(index);
  }

  /**
   * Choose a colour beside the chosen one.
   * @param {number} step
   */
  stepColor(step) {
    const { offered, color } = this.#tool;
    if (!offered.length) return;
    const before = step < 0 ? 0 : -1;
    const from = color === null ? before : offered.indexOf(color);
    this.#tool.set({ color: offered.at((from + step) % offered.length) });
  }

  /**
   * Switch an aid on or off.
   * @param {"grid"|"minimap"|"symbols"} aid
   */
  toggle(aid) {
    this.#tool.set({ [aid]: !this.#tool[aid] });
  }

  /** Close a panel that is open, else drop the cursor, else the colour. */
  cancel() {
    if (!this.#letGo()) this.#tool.set({ color: null });
  }

  openHelp() {
    this.#shell.help();
  }

  openPeople() {
    this.#shell.people();
  }

  copyLink() {
    this.#shell.copyLink();
  }

  saveView() {
    this.#shell.saveView();
  }

  /**
   * Close a panel that is open, else drop the cursor.
   * @returns {boolean} whether there was either
   */
  #letGo() {
    if (this.#shell.dismiss()) return true;
    const held = this.#tool.cursor !== null;
    this.#tool.set({ cursor: null });
    return held;
  }

  /** @param {Point} at */
  #approach(at) {
    this.#cursor.approach(at);
    this.#shell.tell("zoomed_in");
  }

  /**
   * @param {Cell} cell
   * @param {number} color palette index
   */
  #place({ x, y }, color) {
    this.#session.place(x, y, color);
  }

  /** @param {Cell | null} cell */
  #pick(cell) {
    if (cell && this.#board.contains(cell.x, cell.y)) this.#hold(this.#board.get(cell.x, cell.y));
  }

  /** @param {number} index */
  #hold(index) {
    if (this.#tool.offered.includes(index)) this.#tool.set({ color: index });
    else if (index < this.#session.canvas.palette.length) this.#shell.tell("color_retired");
  }

  /** @param {Point} at */
  #cellAt({ x, y }) {
    return this.#viewport.toCell(x, y);
  }
}

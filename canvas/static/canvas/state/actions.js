/** The actions of a person, by name: mouse, touch, keys and buttons all end here. */

import { ColorActions } from "./color_actions.js";
import { AIMABLE, Cursor } from "./cursor.js";
import { StrokeActions } from "./stroke_actions.js";

/**
 * @import { Key } from "../i18n/strings.js"
 * @import { Place } from "./permalink.js"
 * @import { Session } from "./session.js"
 * @import { BoardView } from "./shown.js"
 * @import { Staged } from "./staged.js"
 * @import { Cell, Tool } from "./tool.js"
 * @import { Undo } from "./undo.js"
 * @import { Point, Viewport } from "../lib/viewport.js"
 *
 * @typedef {object} Shell the page around the board
 * @property {(cell: Cell) => void} inspect shows who drew a cell
 * @property {() => void} help
 * @property {() => void} people
 * @property {() => void} goTo asks for a place
 * @property {(name: string) => void} extend opens or closes a feature of another app
 * @property {() => void} copyLink
 * @property {() => void} saveView
 * @property {() => boolean} dismiss closes a panel; returns whether one was open
 * @property {(key: Key, values?: Record<string, number>) => void} tell shows a short message
 * @property {(count: number) => string} count staged pixels in words
 * @property {(text: string) => void} announce says something to screen readers
 * @property {(cell: Cell) => string} describe a cell in words
 *
 * @typedef {object} Advisor the word of a feature before a person draws
 * @property {(cell: Cell, color: number) => number | null} color the palette index to place on a
 *   cell in place of the one that is held; null: none, and it has told why
 * @property {() => boolean} stroke whether staged pixels may go at once; it has told why not
 */

export class Actions extends ColorActions {
  #board;
  #viewport;
  #tool;
  #session;
  #undo;
  #shell;
  #cursor;
  /** @type {Advisor | null} */
  #advisor = null;

  /**
   * @param {object} parts
   * @param {BoardView} parts.board
   * @param {Viewport} parts.viewport
   * @param {Tool} parts.tool
   * @param {Session} parts.session
   * @param {Undo} parts.undo
   * @param {Staged} parts.staged
   * @param {Shell} parts.shell
   */
  constructor({ board, viewport, tool, session, undo, staged, shell }) {
    super({ board, viewport, tool, session, shell });
    this.#board = board;
    this.#viewport = viewport;
    this.#tool = tool;
    this.#session = session;
    this.#undo = undo;
    this.#shell = shell;
    this.#cursor = new Cursor({ board, viewport, tool });
    this.stroke = new StrokeActions({ viewport, tool, staged, shell });
  }

  /**
   * Ask a feature before a pixel is placed, from now on.
   * @param {Advisor} advisor
   */
  heed(advisor) {
    this.#advisor = advisor;
    this.stroke.mayGo = () => advisor.stroke();
  }

  /**
   * Draw or inspect a cell; with a finger, which hides its target, only choose it.
   * @param {Point} at
   * @param {{touch: boolean, shift: boolean}} how
   */
  tap(at, { touch, shift }) {
    const cell = this.#cellAt(at);
    if (!cell) return this.#letGo();
    const { color, quick, stroke, resting } = this.#tool;
    const aims = touch && !resting && (color === null || !(quick || stroke));
    if (aims && !shift) return this.#cursor.aim(cell, at);
    this.#tool.set({ cursor: null, hover: touch ? null : cell });
    if (shift || color === null) this.#shell.inspect(cell);
    else if (this.#viewport.scale < AIMABLE) this.#approach(at);
    else if (stroke) this.stroke.dot(cell);
    else this.#place(cell, color);
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
   * Move the cursor by cells. The first move only brings it into sight.
   * @param {number} dx
   * @param {number} dy
   */
  moveCursor(dx, dy) {
    const cell = this.#cursor.move(dx, dy);
    this.stroke.follow(cell);
    this.#shell.announce(this.#shell.describe(cell));
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

  /** Draw what is staged, else at the cursor; without one, bring the cursor into sight first. */
  placeHere() {
    if (this.#tool.resting) return this.inspectHere();
    if (this.stroke.go()) return;
    const { cursor, color } = this.#tool;
    if (!cursor) return this.moveCursor(0, 0);
    if (color === null) return this.#session.emit("refused", { ...cursor, code: "no_color" });
    this.#place(cursor, color);
  }

  /** In the mode of strokes put the pen down or lift it, else draw. */
  pressHere() {
    if (this.#tool.resting) return this.inspectHere();
    const { stroke, cursor } = this.#tool;
    if (!stroke) this.placeHere();
    else if (cursor) this.stroke.togglePen(cursor);
    else this.moveCursor(0, 0);
  }

  /** Take back the own pixel that was drawn last. */
  async undo() {
    if (this.rests()) return;
    if (this.stroke.takeBack()) return;
    const problem = await this.#undo.takeBack();
    if (problem) this.#shell.tell(problem);
  }

  inspectHere() {
    this.#shell.inspect(this.#tool.cell ?? this.#viewport.centre);
  }

  /**
   * Switch an aid on or off.
   * @param {"grid"|"minimap"|"symbols"|"stroke"|"quick"} aid
   */
  toggle(aid) {
    if ((aid === "stroke" || aid === "quick") && this.rests()) return;
    const on = !this.#tool[aid];
    this.#tool.set({ [aid]: on });
    if (aid === "stroke" || aid === "quick") this.#shell.tell(`${aid}_${on ? "on" : "off"}`);
  }

  /** Close a panel that is open, else drop what is staged, the cursor, or the colour. */
  cancel() {
    if (this.#shell.dismiss() || this.stroke.cancel()) return;
    if (!this.#letGo()) this.#tool.set({ color: null });
  }

  openHelp() {
    this.#shell.help();
  }

  openPeople() {
    this.#shell.people();
  }

  /** @param {string} name of a feature of another app */
  extend(name) {
    this.#shell.extend(name);
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
    const advised = this.#advisor ? this.#advisor.color({ x, y }, color) : color;
    if (advised !== null) this.#session.place(x, y, advised);
  }

  /** @param {Point} at */
  #cellAt({ x, y }) {
    return this.#viewport.toCell(x, y);
  }
}

/** Everything a person can do, by name: mouse, touch, keys and buttons all end here. */

// Below this many CSS pixels a cell nobody hits the one that is meant.
const AIMABLE = 3;
const CLOSE = 14;

/**
 * What actions need of the page.
 * @typedef {object} Shell
 * @property {(cell: {x: number, y: number}) => void} inspect
 * @property {() => void} help
 * @property {() => void} people
 * @property {() => void} copyLink
 * @property {() => void} saveView
 * @property {() => boolean} dismiss closes what is open; whether anything was
 * @property {(key: string) => void} tell shows a short message
 * @property {(text: string) => void} announce says something to screen readers
 * @property {(cell: {x: number, y: number}) => string} describe a cell in words
 */

export class Actions {
  #board;
  #viewport;
  #tool;
  #session;
  #shell;

  /** @param {{board: object, viewport: object, tool: object, session: object, shell: Shell}} parts */
  constructor({ board, viewport, tool, session, shell }) {
    this.#board = board;
    this.#viewport = viewport;
    this.#tool = tool;
    this.#session = session;
    this.#shell = shell;
  }

  /** A click draws or looks up at once; a finger, which hides its target, only chooses. */
  tap(at, { touch, shift }) {
    const cell = this.#cellAt(at);
    if (!cell) return this.cancel();
    if (touch && !shift) return this.#aim(cell, at);
    this.#tool.set({ cursor: null, hover: cell });
    if (shift || this.#tool.color === null) this.#shell.inspect(cell);
    else if (this.#viewport.scale < AIMABLE) this.#approach(at);
    else this.#place(cell);
  }

  hoverAt(at) {
    this.#tool.set({ hover: at && this.#cellAt(at) });
  }

  inspectAt(at) {
    const cell = this.#cellAt(at);
    if (cell) this.#shell.inspect(cell);
  }

  pickAt(at) {
    this.#pick(this.#cellAt(at));
  }

  pan(dx, dy) {
    this.#viewport.panBy(dx, dy);
  }

  zoomAt(at, factor) {
    this.#viewport.zoomAt(at.x, at.y, factor);
  }

  zoom(factor) {
    const { cursor } = this.#tool;
    if (!cursor) return this.#viewport.zoomBy(factor);
    const at = this.#viewport.toScreen(cursor.x + 0.5, cursor.y + 0.5);
    this.#viewport.zoomAt(at.x, at.y, factor);
  }

  fit() {
    this.#viewport.fit();
  }

  /** The first move only brings the cursor into sight. */
  moveCursor(dx, dy) {
    const from = this.#tool.cursor ?? this.#tool.hover ?? this.#viewport.centre;
    const cursor = this.#tool.cursor ? this.#within(from.x + dx, from.y + dy) : from;
    if (this.#viewport.scale < AIMABLE) this.#viewport.show({ ...cursor, scale: CLOSE });
    this.#tool.set({ cursor });
    this.#viewport.reveal(cursor);
    this.#shell.announce(this.#shell.describe(cursor));
  }

  /** Places at the cursor; without one, brings the cursor into sight first. */
  placeHere() {
    const { cursor, color } = this.#tool;
    if (!cursor) return this.moveCursor(0, 0);
    if (color === null) return this.#session.emit("refused", { ...cursor, code: "no_color" });
    this.#place(cursor);
  }

  inspectHere() {
    this.#shell.inspect(this.#tool.cell ?? this.#viewport.centre);
  }

  pickHere() {
    this.#pick(this.#tool.cell ?? this.#viewport.centre);
  }

  /** @param {number | null} index choosing what is held lets go of it */
  chooseColor(index) {
    if (index === null || index === this.#tool.color) this.#tool.set({ color: null });
    else this.#hold(index);
  }

  stepColor(step) {
    const { offered, color } = this.#tool;
    const from = color === null && step < 0 ? 0 : offered.indexOf(color);
    if (offered.length) this.#tool.set({ color: offered.at((from + step) % offered.length) });
  }

  /** @param {"grid"|"minimap"|"symbols"} aid */
  toggle(aid) {
    this.#tool.set({ [aid]: !this.#tool[aid] });
  }

  /** Closes what is open, else forgets the cursor, else lets go of the colour. */
  cancel() {
    if (this.#shell.dismiss()) return;
    this.#tool.set(this.#tool.cursor ? { cursor: null } : { color: null });
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

  #aim(cell, at) {
    if (this.#viewport.scale < AIMABLE) this.zoomAt(at, CLOSE / this.#viewport.scale);
    this.#tool.set({ cursor: cell });
    this.#viewport.reveal(cell);
  }

  #approach(at) {
    this.zoomAt(at, CLOSE / this.#viewport.scale);
    this.#shell.tell("zoomed_in");
  }

  #place({ x, y }) {
    this.#session.place(x, y, this.#tool.color);
  }

  #pick(cell) {
    if (cell && this.#board.contains(cell.x, cell.y)) this.#hold(this.#board.get(cell.x, cell.y));
  }

  #hold(index) {
    if (this.#tool.offered.includes(index)) this.#tool.set({ color: index });
    else if (index < this.#session.canvas.palette.length) this.#shell.tell("color_retired");
  }

  #cellAt({ x, y }) {
    return this.#viewport.toCell(x, y);
  }

  #within(x, y) {
    const { width, height } = this.#board;
    return { x: Math.min(Math.max(x, 0), width - 1), y: Math.min(Math.max(y, 0), height - 1) };
  }
}

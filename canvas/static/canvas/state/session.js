/** The session of a person: placements, cooldown, people, and the canvas's rules. */

import { Emitter } from "../lib/emitter.js";
import { peopleMessage, placeMessage } from "../sync/protocol.js";
import { Allowance } from "./allowance.js";
import { Placements } from "./placements.js";
import { Reminder } from "./reminder.js";
import { rulesFor, UNKNOWN } from "./rules.js";

/**
 * @import { Timers } from "../lib/named_timers.js"
 * @import { Connection } from "../sync/connection.js"
 * @import { AckEvent, CanvasRules, HelloEvent, Problem } from "../sync/protocol.js"
 * @import { ServerEvent, UserListEvent } from "../sync/protocol.js"
 * @import { Board } from "./board.js"
 * @import { Pending } from "./placements.js"
 * @import { Canvas } from "./rules.js"
 */

const PAGE = 200; // names in one list of people

/**
 * @typedef {{name: string, guest: boolean, nickname: string}} Me
 * @typedef {{count: number, names: string[], total: number}} People `names` are some of `total`
 * @typedef {Problem & Partial<Pick<Pending, "id"|"x"|"y"|"index">>} Refusal
 *
 * @typedef {object} SessionEvents
 * @property {[canvas: Canvas]} canvas
 * @property {[me: Me]} me
 * @property {[people: People]} people
 * @property {[]} pending a placement was sent, settled or dropped
 * @property {[placement: Pending]} placed the stream has confirmed it
 * @property {[refusal: Refusal]} refused
 * @property {[problem: Problem]} trouble an error of no placement
 * @property {[]} cooldown it changed, or the charges did
 * @property {[]} ready the cooldown is over
 */

/** @extends {Emitter<SessionEvents>} */
export class Session extends Emitter {
  canvas = UNKNOWN;
  /** @type {Me} */
  me = { name: "", guest: true, nickname: "" };
  /** @type {People} */
  people = { count: 0, names: [], total: 0 };
  morePeople = false; // whether there are names after those that are known
  placements = new Placements();
  #connection;
  #now;
  #allowance;
  #board;
  #newId;
  #reminder;

  /**
   * @param {Connection} connection
   * @param {{timers: Timers, newId: () => string, board: Pick<Board, "get">}} parts
   */
  constructor(connection, { timers, newId, board }) {
    super();
    this.#connection = connection;
    this.#now = timers.now;
    this.#board = board;
    this.#allowance = new Allowance(timers, {
      changed: () => this.emit("cooldown"),
      ready: () => this.emit("ready"),
    });
    this.#newId = newId;
    this.cooldown = this.#allowance.cooldown;
    this.charges = this.#allowance.charges;
    this.#reminder = new Reminder({
      connection,
      placements: this.placements,
      timers,
      giveUp: (id) => this.#failed({ id, code: "no_answer" }),
    });
    connection.on("event", (event) => this.#event(event));
    connection.on("pixels", () => this.#settle());
    connection.on("state", (state) => {
      if (state === "stopped") this.#giveUp(connection.reason);
    });
  }

  /**
   * Follow the rules of the canvas.
   * @param {CanvasRules} rules
   */
  setCanvas(rules) {
    this.canvas = rulesFor(rules, this.me.guest);
    this.charges.configure(rules.charges ?? 1, this.canvas.cooldownMs);
    this.emit("canvas", this.canvas);
  }

  /**
   * Ask for a pixel; it is drawn for good only when the stream brings it back.
   * @param {number} x
   * @param {number} y
   * @param {number} index in the palette
   * @param {number} [over] seq of the placement that has to be the newest on the cell
   * @returns {Pending | null} null when it was refused without asking
   */
  place(x, y, index, over) {
    const code = this.objection ?? (this.shows(x, y, index) ? "no_change" : null);
    if (code) {
      this.emit("refused", { x, y, index, code });
      return null;
    }
    const color = this.canvas.palette[index];
    const pending = this.placements.add({ id: this.#newId(), x, y, index, color, over });
    this.#send(pending);
    this.emit("pending");
    return pending;
  }

  /**
   * Tell whether a cell has a colour already, or will once what was sent is drawn.
   * @param {number} x
   * @param {number} y
   * @param {number} index in the palette
   */
  shows(x, y, index) {
    return (this.placements.on(x, y)?.index ?? this.#board.get(x, y)) === index;
  }

  /** The reason to refuse a placement without asking, a key of `i18n/strings.js`; null for none. */
  get objection() {
    if (!this.#connection.open) return "not_connected";
    if (this.#connection.best === "damaged") return "damaged";
    if (this.canvas.frozen) return "canvas_frozen";
    if (!this.cooldown.ready) return "cooldown";
    return this.waiting ? "waiting" : null;
  }

  /** True while the server can be asked for a pixel. */
  get connected() {
    return this.#connection.open;
  }

  /** True when all that may be drawn now has been sent, and not answered. */
  get waiting() {
    if (!this.canvas.cooldownMs) return this.placements.full;
    return this.placements.unanswered().length >= Math.max(1, this.charges.left);
  }

  /** @param {ServerEvent} event */
  #event(event) {
    if (event.type === "hello") this.#hello(event);
    if (event.type === "canvas_changed") this.setCanvas(event);
    if (event.type === "stats") this.#setPeople({ count: event.activeUsers });
    if (event.type === "user_list") this.#listed(event);
    if (event.type === "ack") this.#acked(event);
    if (event.type === "error") this.#failed(event);
  }

  /** @param {HelloEvent} event */
  #hello(event) {
    this.me = { ...this.me, name: event.username, guest: event.guest ?? this.me.guest };
    this.setCanvas(event);
    this.emit("me", this.me);
    if (event.retry_after_ms !== undefined)
      this.#allowance.set(event.retry_after_ms, event.charges_left);
    for (const pending of this.placements.unanswered()) this.#send(pending);
  }

  /**
   * Ask for names of the people, from a place on: the list comes seldom by itself.
   * @param {number} [offset]
   */
  askForPeople(offset = 0) {
    this.#connection.send(peopleMessage(offset));
    if (!offset) this.people = { ...this.people, names: this.people.names.slice(0, PAGE) };
  }

  /**
   * Take names over. Those that come by themselves leave a longer list as it is.
   * @param {UserListEvent} event
   */
  #listed({ users, total = users.length, offset = 0 }) {
    const { names } = this.people;
    if (!offset && names.length > PAGE) return this.#setPeople({ total });
    this.morePeople = users.length === PAGE;
    this.#setPeople({ names: [...names.slice(0, offset), ...users], total });
  }

  /** @param {Partial<People>} change */
  #setPeople(change) {
    this.people = { ...this.people, ...change };
    this.emit("people", this.people);
  }

  /** @param {AckEvent} event */
  #acked({ id, seq, cooldown_ms: cooldownMs, charges_left: left }) {
    if (!this.placements.acked(id, seq)) return;
    this.#allowance.set(cooldownMs ?? 0, left);
    this.#settle();
  }

  /** @param {{id?: string, retry_after_ms?: number} & Problem} error */
  #failed({ id, code, detail, retry_after_ms: retryAfter }) {
    if (retryAfter) this.#allowance.set(retryAfter);
    const pending = id === undefined ? undefined : this.placements.drop(id);
    // A position that the server does not know is answered with a resync besides.
    if (!pending && code?.startsWith("since")) return;
    if (!pending) return this.emit("trouble", { code, detail });
    this.emit("pending");
    this.emit("refused", { ...pending, code, detail });
  }

  /** Forget the placements that the stream has confirmed, and tell of them. */
  #settle() {
    const settled = this.placements.settle(this.#connection.stream.last);
    if (!settled.length) return;
    this.emit("pending");
    for (const pending of settled) this.emit("placed", pending);
  }

  /** @param {Pending} pending */
  #send(pending) {
    const username = this.me.guest ? this.me.nickname : "";
    if (!this.#connection.send(placeMessage(pending, username))) return;
    pending.sentAt = this.#now();
    pending.sendings += 1;
    this.#reminder.wait();
  }

  /** @param {string | null} code */
  #giveUp(code) {
    for (const { id } of [...this.placements.all()]) this.#failed({ id, code });
  }
}

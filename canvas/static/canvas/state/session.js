/** What this person does and knows: placements, cooldown, people, the canvas's rules. */

import { NamedTimers } from "../lib/named_timers.js";
import { Charges } from "./charges.js";
import { Cooldown } from "./cooldown.js";
import { Emitter } from "../lib/emitter.js";
import { onOffer } from "./palette.js";
import { Placements } from "./placements.js";
import { placeMessage } from "../sync/protocol.js";

const ANSWER_MS = 8_000;
const MOST_SENDINGS = 3;

/**
 * Emits `canvas` (palette, size, frozen), `me`, `people`, `pending` (placements changed),
 * `placed` (confirmed), `refused`, `trouble` (an error of no placement), `cooldown` (or what is
 * saved up), `ready`.
 */
export class Session extends Emitter {
  canvas = {
    palette: /** @type {string[]} */ ([]), /** Indices. */ offered: /** @type {number[]} */ ([]),
    width: 0, height: 0, cooldownMs: 0, frozen: false,
  };
  me = { name: "", guest: true, nickname: "" };
  people = { count: 0, names: /** @type {string[]} */ ([]), total: 0 };
  placements = new Placements();
  #connection;
  #now;
  #timers;
  #newId;

  /**
   * @param {import("../sync/connection.js").Connection} connection
   * @param {{timers: import("../lib/named_timers.js").Timers, newId: () => string}} parts
   */
  constructor(connection, { timers, newId }) {
    super();
    this.#connection = connection;
    this.#now = timers.now;
    this.#timers = new NamedTimers(timers);
    this.#newId = newId;
    this.cooldown = new Cooldown(timers.now);
    this.charges = new Charges(timers.now);
    connection.on("event", (event) => this.#handlers[event.type]?.(event));
    connection.on("pixels", () => this.#settle());
    connection.on("state", (state) => state === "stopped" && this.#giveUp(connection.reason));
  }

  /** @param {object} meta of the canvas, as the server sends it */
  setCanvas(meta) {
    const { palette, retired = [], width, height, frozen, charges = 1 } = meta;
    const cooldownMs = this.me.guest ? (meta.guest_cooldown_ms ?? meta.cooldown_ms) : meta.cooldown_ms;
    const offered = onOffer(palette, retired);
    this.canvas = { palette, offered, width, height, cooldownMs, frozen };
    this.charges.configure(charges, cooldownMs);
    this.emit("canvas", this.canvas);
  }

  /** Asks for a pixel; it is drawn for good only when the stream brings it back. */
  place(x, y, index) {
    const code = this.#objection();
    if (code) return this.emit("refused", { x, y, index, code });
    const color = this.canvas.palette[index];
    this.#send(this.placements.add({ id: this.#newId(), x, y, index, color }));
    this.emit("pending");
  }

  /** Why a placement would be refused without asking, a key of strings.js. */
  #objection() {
    if (!this.#connection.open) return "not_connected";
    if (this.canvas.frozen) return "canvas_frozen";
    if (!this.cooldown.ready) return "cooldown";
    return this.waiting ? "waiting" : null;
  }

  /** Whether all that may be drawn now has been sent, and the answer is not there. */
  get waiting() {
    if (!this.canvas.cooldownMs) return this.placements.full;
    return this.placements.unanswered().length >= Math.max(1, this.charges.left);
  }

  #handlers = {
    hello: (event) => this.#hello(event),
    canvas_changed: (event) => this.setCanvas(event),
    stats: ({ activeUsers }) => this.#setPeople({ count: activeUsers }),
    user_list: ({ users, total }) => this.#setPeople({ names: users, total: total ?? users.length }),
    ack: (event) => this.#acked(event),
    error: (event) => this.#failed(event),
  };

  #hello(event) {
    this.me = { ...this.me, name: event.username, guest: event.guest ?? this.me.guest };
    this.setCanvas(event);
    this.emit("me", this.me);
    if (event.retry_after_ms !== undefined) this.#cool(event.retry_after_ms, event.charges_left);
    for (const pending of this.placements.unanswered()) this.#send(pending);
  }

  #setPeople(change) {
    this.people = { ...this.people, ...change };
    this.emit("people", this.people);
  }

  #acked({ id, seq, cooldown_ms: cooldownMs, charges_left: left }) {
    if (!this.placements.acked(id, seq)) return;
    this.#cool(cooldownMs ?? 0, left);
    this.#settle();
  }

  #failed({ id, code, detail, retry_after_ms: retryAfter }) {
    if (retryAfter) this.#cool(retryAfter);
    const pending = this.placements.drop(id);
    // A position that the server does not know is answered with a resync besides.
    if (!pending && code?.startsWith("since")) return;
    if (!pending) return this.emit("trouble", { code, detail });
    this.emit("pending");
    this.emit("refused", { ...pending, code, detail });
  }

  #settle() {
    const settled = this.placements.settle(this.#connection.stream.last);
    if (!settled.length) return;
    this.emit("pending");
    for (const pending of settled) this.emit("placed", pending);
  }

  #send(pending) {
    const username = this.me.guest ? this.me.nickname : "";
    if (!this.#connection.send(placeMessage(pending, username))) return;
    pending.sentAt = this.#now();
    pending.sendings += 1;
    this.#awaitAnswer();
  }

  #awaitAnswer() {
    const [oldest] = this.placements.unanswered();
    if (!oldest || this.#timers.has("answer")) return;
    const wait = Math.max(0, oldest.sentAt + ANSWER_MS - this.#now());
    this.#timers.set("answer", wait, () => this.#remind());
  }

  /** An answer may be overdue: connect anew, which sends again, a few times. */
  #remind() {
    if (!this.#connection.open) return;
    const due = this.#now() - ANSWER_MS;
    const overdue = this.placements.unanswered().filter(({ sentAt }) => sentAt <= due);
    const hopeless = overdue.filter(({ sendings }) => sendings >= MOST_SENDINGS);
    for (const { id } of hopeless) this.#failed({ id, code: "no_answer" });
    if (hopeless.length < overdue.length) this.#connection.resume();
    this.#awaitAnswer();
  }

  #giveUp(code) {
    for (const { id } of [...this.placements.all()]) this.#failed({ id, code });
  }

  #cool(ms, left = ms > 0 ? 0 : 1) {
    this.cooldown.set(ms);
    this.charges.set(left, ms);
    if (ms > 0) this.#timers.set("ready", ms, () => this.emit("ready"));
    else this.#timers.clear("ready");
    this.#awaitCharge();
    this.emit("cooldown");
  }

  #awaitCharge() {
    const wait = this.charges.untilNext;
    if (wait === null) return this.#timers.clear("charge");
    this.#timers.set("charge", wait, () => {
      this.#awaitCharge();
      this.emit("cooldown");
    });
  }
}

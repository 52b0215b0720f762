/** The reminder: a placement whose answer is overdue is sent again, and in the end given up. */

import { NamedTimers } from "../lib/named_timers.js";

/**
 * @import { Timers } from "../lib/named_timers.js"
 * @import { Connection } from "../sync/connection.js"
 * @import { Placements } from "./placements.js"
 */

const ANSWER_MS = 8_000;
const MOST_SENDINGS = 3;

export class Reminder {
  #connection;
  #placements;
  #now;
  #timers;
  #giveUp;

  /**
   * @param {object} parts
   * @param {Connection} parts.connection
   * @param {Placements} parts.placements
   * @param {Timers} parts.timers
   * @param {(id: string) => void} parts.giveUp called for one that was sent often enough
   */
  constructor({ connection, placements, timers, giveUp }) {
    this.#connection = connection;
    this.#placements = placements;
    this.#now = timers.now;
    this.#timers = new NamedTimers(timers);
    this.#giveUp = giveUp;
  }

  /** Wait for the answer that is due first. */
  wait() {
    const [oldest] = this.#placements.unanswered();
    if (!oldest || this.#timers.has("answer")) return;
    const wait = Math.max(0, oldest.sentAt + ANSWER_MS - this.#now());
    this.#timers.set("answer", wait, () => this.#remind());
  }

  /** Connect anew where an answer is overdue, which sends again; after some times, give up. */
  #remind() {
    if (!this.#connection.open) return;
    const due = this.#now() - ANSWER_MS;
    const overdue = this.#placements.unanswered().filter(({ sentAt }) => sentAt <= due);
    const hopeless = overdue.filter(({ sendings }) => sendings >= MOST_SENDINGS);
    for (const { id } of hopeless) this.#giveUp(id);
    if (hopeless.length < overdue.length) this.#connection.resume();
    this.wait();
  }
}

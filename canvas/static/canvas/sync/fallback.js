/** The choice of a way to the server: a WebSocket, or where none comes through, the slower one. */

import { NamedTimers } from "../lib/named_timers.js";
import { BETTER_WAY, isExplained, LOST_CODE } from "./backoff.js";

/**
 * @import { Timers } from "../lib/named_timers.js"
 * @import { OpenSocket, Position, Socket } from "./socket_session.js"
 */

// A WebSocket greets in milliseconds; a proxy that swallows it says nothing, ever.
const GREETING_MS = 8_000;
// So many WebSockets in a row without a hello, and the slower way is tried.
const ENOUGH = 2;
// A network may change: WebSockets are tried again, at longer and longer intervals.
const FIRST_TRIAL_MS = 5_000;
const RAREST_TRIAL_MS = 120_000;

/**
 * Return a function that opens one of two ways.
 * @param {OpenSocket} live
 * @param {OpenSocket} slow
 * @param {Timers} timers
 * @returns {OpenSocket}
 */
export function withFallback(live, slow, timers) {
  const fallback = new Fallback(live, slow, new NamedTimers(timers));
  return (position, handlers) => fallback.open(position, handlers);
}

class Fallback {
  #live;
  #slow;
  #timers;
  #failures = 0;
  #trialIn = FIRST_TRIAL_MS;
  /** The WebSocket that is tried beside the slower way. @type {Socket | null} */
  #trial = null;

  /**
   * @param {OpenSocket} live
   * @param {OpenSocket} slow
   * @param {NamedTimers} timers
   */
  constructor(live, slow, timers) {
    this.#live = live;
    this.#slow = slow;
    this.#timers = timers;
  }

  /** @type {OpenSocket} */
  open(position, handlers) {
    if (this.#failures < ENOUGH) return this.#openLive(position, handlers);
    // Whether it works or not, WebSockets are the next to be tried.
    this.#failures = 0;
    return this.#openSlow(position, handlers);
  }

  /** @type {OpenSocket} */
  #openLive(position, handlers) {
    let greeted = false;
    const socket = this.#live(position, {
      ...handlers,
      text: (text) => {
        if (!greeted) this.#works();
        greeted = true;
        handlers.text(text);
      },
      closed: (code) => {
        this.#timers.clear("greeting");
        if (!greeted && !isExplained(code)) this.#failures += 1;
        handlers.closed(code);
      },
    });
    this.#timers.set("greeting", GREETING_MS, () => {
      this.#failures = ENOUGH;
      socket.close();
      handlers.closed(LOST_CODE);
    });
    return {
      send: (text) => socket.send(text),
      close: () => {
        this.#timers.clear("greeting");
        socket.close();
      },
    };
  }

  /** Note that WebSockets come through. */
  #works() {
    this.#failures = 0;
    this.#trialIn = FIRST_TRIAL_MS;
    this.#timers.clear("greeting");
  }

  /** @type {OpenSocket} */
  #openSlow(position, handlers) {
    const socket = this.#slow(position, handlers);
    const close = () => {
      this.#endTrial();
      socket.close();
    };
    this.#tryLater(position, () => {
      close();
      handlers.closed(BETTER_WAY);
    });
    return { send: (text) => socket.send(text), close };
  }

  /**
   * Try a WebSocket beside the slower way, later and again.
   * @param {Position} position
   * @param {() => void} works called once one has greeted
   */
  #tryLater(position, works) {
    this.#timers.set("trial", this.#trialIn, () => {
      const again = () => {
        this.#endTrial();
        this.#tryLater(position, works);
      };
      this.#trialIn = Math.min(2 * this.#trialIn, RAREST_TRIAL_MS);
      this.#timers.set("trial", GREETING_MS, again);
      const trial = this.#live(position, {
        frame: () => {},
        text: () => trial === this.#trial && works(),
        closed: () => trial === this.#trial && again(),
      });
      this.#trial = trial;
    });
  }

  #endTrial() {
    const trial = this.#trial;
    this.#trial = null;
    trial?.close();
    this.#timers.clear("trial");
  }
}

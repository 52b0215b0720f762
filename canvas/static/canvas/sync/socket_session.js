/** One WebSocket at a time: what an abandoned one still says is not heard. */

import { decodeFrame, parseEvent, pingMessage, ProtocolError } from "./protocol.js";
import { Heartbeat } from "./heartbeat.js";

/**
 * @typedef {object} Heard
 * @property {(frame: import("./protocol.js").PixelFrame) => void} pixels
 * @property {(event: {type: string}) => void} event
 * @property {(code: number) => void} closed
 * @property {() => void} broken it stopped answering, or speaks nonsense
 */

export class SocketSession {
  /** True once the server has said hello. */
  greeted = false;
  #open;
  #heard;
  #heartbeat;
  #socket = null;
  #turn = 0;

  /**
   * @param {(since: number, handlers: object) => {send(text: string): void, close(): void}} open
   * @param {import("../lib/named_timers.js").NamedTimers} timers
   * @param {Heard} heard
   */
  constructor(open, timers, heard) {
    this.#open = open;
    this.#heard = heard;
    this.#heartbeat = new Heartbeat(timers, () => this.#socket?.send(pingMessage()), heard.broken);
  }

  get up() {
    return this.#socket !== null;
  }

  get probing() {
    return this.#heartbeat.probing;
  }

  /** @param {number} since seq of the last pixel that is known */
  connect(since) {
    const turn = ++this.#turn;
    const mine = (handle) => (value) => {
      if (turn === this.#turn) handle(value);
    };
    this.#socket = this.#open(since, {
      frame: mine((buffer) => this.#frame(buffer)),
      text: mine((text) => this.#text(text)),
      closed: mine((code) => {
        this.drop();
        this.#heard.closed(code);
      }),
    });
    this.#heartbeat.beat();
  }

  /** @param {string} text @returns {boolean} whether it left */
  send(text) {
    if (this.greeted) this.#socket.send(text);
    return this.greeted;
  }

  /** Asks for a sign of life now. */
  check() {
    this.#heartbeat.check();
  }

  drop() {
    this.#turn += 1;
    this.#socket?.close();
    this.#socket = null;
    this.greeted = false;
    this.#heartbeat.stop();
  }

  #frame(buffer) {
    this.#heartbeat.beat();
    try {
      const frame = decodeFrame(buffer);
      if (frame) this.#heard.pixels(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#heard.broken();
    }
  }

  #text(text) {
    const event = parseEvent(text);
    if (event?.type === "hello") this.greeted = true;
    // An error may be all that an older server has to say to a ping.
    if (event && !(this.probing && event.type === "error" && !event.id)) this.#heard.event(event);
    if (this.up) this.#heartbeat.beat();
  }
}

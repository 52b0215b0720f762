/** A session over one WebSocket at a time: an abandoned one is not heard any more. */

import { Heartbeat } from "./heartbeat.js";
import { decodeFrame, ProtocolError, parseEvent, pingMessage } from "./protocol.js";

/**
 * @import { NamedTimers } from "../lib/named_timers.js"
 * @import { PixelFrame, ServerEvent } from "./protocol.js"
 *
 * @typedef {object} SocketHandlers
 * @property {(buffer: ArrayBuffer) => void} frame
 * @property {(text: string) => void} text
 * @property {(code: number) => void} closed
 *
 * @typedef {{send: (text: string) => void, close: () => void}} Socket
 *
 * @typedef {object} Position the last pixel that is known: its seq, and the epoch that counts it
 * @property {number} since
 * @property {string | null} epoch
 *
 * @typedef {(position: Position, handlers: SocketHandlers) => Socket} OpenSocket opens a WebSocket
 *   that continues after the position
 *
 * @typedef {object} SessionHandlers
 * @property {(frame: PixelFrame) => void} pixels
 * @property {(event: ServerEvent) => void} event
 * @property {(code: number) => void} closed
 * @property {() => void} broken it stopped answering, or speaks nonsense
 */

// A person that asks again, or a network that is back, need not wait for a hello for so long.
const IMPATIENT_MS = 1_500;

export class SocketSession {
  /** True once the server has said hello. */
  greeted = false;
  #open;
  #handlers;
  #heartbeat;
  /** @type {Socket | null} */
  #socket = null;
  #turn = 0;

  /**
   * @param {OpenSocket} open
   * @param {NamedTimers} timers
   * @param {SessionHandlers} handlers
   */
  constructor(open, timers, handlers) {
    this.#open = open;
    this.#handlers = handlers;
    this.#heartbeat = new Heartbeat(
      timers,
      () => this.#socket?.send(pingMessage()),
      handlers.broken,
    );
  }

  get up() {
    return this.#socket !== null;
  }

  get probing() {
    return this.#heartbeat.probing;
  }

  /**
   * Open a WebSocket in place of the one before.
   * @param {Position} position
   */
  connect(position) {
    this.#socket?.close();
    const turn = ++this.#turn;
    /** @type {<Value>(handle: (value: Value) => void) => (value: Value) => void} */
    const current = (handle) => (value) => {
      if (turn === this.#turn) handle(value);
    };
    this.#socket = this.#open(position, {
      frame: current((buffer) => this.#frame(buffer)),
      text: current((text) => this.#text(text)),
      closed: current((code) => {
        this.drop();
        this.#handlers.closed(code);
      }),
    });
    this.#heartbeat.beat();
  }

  /**
   * Send a message, once the server has said hello.
   * @param {string} text
   * @returns {boolean} whether it was sent
   */
  send(text) {
    if (this.greeted) this.#socket?.send(text);
    return this.greeted;
  }

  /** True while the server is asked for a hello, and long enough to ask anew. */
  get stalled() {
    return this.up && !this.greeted && this.#heartbeat.quietFor > IMPATIENT_MS;
  }

  /**
   * Ask for a sign of life now.
   * @param {number} [patience] ms that an answer may take
   */
  check(patience) {
    this.#heartbeat.check(patience);
  }

  /** Close the WebSocket, and hear nothing more of it. */
  drop() {
    this.#turn += 1;
    this.#socket?.close();
    this.#socket = null;
    this.greeted = false;
    this.#heartbeat.stop();
  }

  /** @param {ArrayBuffer} buffer */
  #frame(buffer) {
    this.#heartbeat.beat();
    try {
      const frame = decodeFrame(buffer);
      if (frame) this.#handlers.pixels(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#handlers.broken();
    }
  }

  /** @param {string} text */
  #text(text) {
    const event = parseEvent(text);
    if (event?.type === "hello") this.greeted = true;
    // An error may be all that an older server has to say to a ping.
    const answersProbe = this.probing && event?.type === "error" && !event.id;
    if (event && !answersProbe) this.#handlers.event(event);
    if (this.up) this.#heartbeat.beat();
  }
}

/** Stand-ins for the outside world: a clock that a test turns, and a server. */

import { Board } from "../../canvas/static/canvas/state/board.js";
import { Session } from "../../canvas/static/canvas/state/session.js";
import { Connection } from "../../canvas/static/canvas/sync/connection.js";

/**
 * @import { Timers } from "../../canvas/static/canvas/lib/named_timers.js"
 * @import { Ports } from "../../canvas/static/canvas/sync/connection.js"
 * @import { Socket, SocketHandlers } from "../../canvas/static/canvas/sync/socket_session.js"
 */

/**
 * @typedef {object} FakeSocket
 * @property {number} since
 * @property {string | null} epoch
 * @property {Record<string, unknown>[]} sent
 * @property {boolean} open
 * @property {(event: object) => void} event
 *
 * @typedef {FakeSocket & Socket & SocketHandlers} ScriptedSocket
 */

export class FakeTime {
  now = 0;
  #next = 1;
  /** @type {Map<number, {at: number, fn: () => void}>} */
  #due = new Map();

  /** @type {Timers} */
  timers = {
    now: () => this.now,
    set: (fn, ms) => {
      this.#due.set(this.#next, { at: this.now + ms, fn });
      return this.#next++;
    },
    clear: (id) => this.#due.delete(id),
  };

  /**
   * Turn time forward, and fire the timers that fall due in order.
   * @param {number} ms
   */
  async pass(ms) {
    const end = this.now + ms;
    await settle();
    for (let next = this.#first(end); next; next = this.#first(end)) {
      const [id, { at, fn }] = next;
      this.#due.delete(id);
      this.now = at;
      fn();
      await settle();
    }
    this.now = end;
  }

  /** @param {number} end ms */
  #first(end) {
    return [...this.#due].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
  }
}

/** Let promises that are already fulfilled run their continuations. */
export function settle() {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Write a binary frame.
 * @param {number} firstSeq
 * @param {number[][]} pixels x, y and palette index
 */
export function frame(firstSeq, pixels) {
  const buffer = new ArrayBuffer(12 + pixels.length * 5);
  const view = new DataView(buffer);
  view.setUint8(0, 1);
  view.setUint16(2, pixels.length, true);
  view.setBigUint64(4, BigInt(firstSeq), true);
  pixels.forEach(([x, y, index], i) => {
    view.setUint16(12 + i * 5, x, true);
    view.setUint16(14 + i * 5, y, true);
    view.setUint8(16 + i * 5, index);
  });
  return buffer;
}

export const PALETTE = ["#FFFFFF", "#FF0000", "#000000"];

/**
 * Make a page without a browser: board, connection and session against a scripted server.
 * @param {{width?: number, height?: number, random?: () => number}} [options]
 */
export function page({ width = 8, height = 4, random = () => 0.5 } = {}) {
  const time = new FakeTime();
  const board = new Board();
  const server = {
    epoch: "e1",
    seq: 0,
    width,
    height,
    bytes: new Uint8Array(width * height),
    /** @type {Error | null} */
    fail: null,
    fetches: 0,
    /** True while fetches never end. */
    silent: false,
    /** @type {ScriptedSocket[]} */
    sockets: [],
    get socket() {
      return this.sockets[this.sockets.length - 1];
    },
    /**
     * Write pixels into the server's board, and return them as a frame.
     * @param {number[][]} pixels
     */
    write(...pixels) {
      for (const [x, y, index] of pixels) this.bytes[y * this.width + x] = index;
      this.seq += pixels.length;
      return frame(this.seq - pixels.length + 1, pixels);
    },
    hello(extra = {}) {
      this.socket.event({
        type: "hello",
        protocol: 1,
        canvas: "main",
        seq: this.seq,
        epoch: this.epoch,
        width: this.width,
        height: this.height,
        palette: PALETTE,
        cooldown_ms: 5000,
        frozen: false,
        username: "guest-1",
        podId: "p",
        guest: true,
        retry_after_ms: 0,
        ...extra,
      });
    },
  };
  /** @type {Ports} */
  const ports = {
    fetchSnapshot: async () => {
      server.fetches += 1;
      if (server.fail) throw server.fail;
      const { seq, epoch } = server;
      return {
        seq,
        epoch,
        width: server.width,
        height: server.height,
        bytes: server.bytes.slice(),
      };
    },
    open: ({ since, epoch }, handlers) => {
      /** @type {ScriptedSocket} */
      const socket = {
        since,
        epoch,
        sent: [],
        open: true,
        send: (text) => socket.sent.push(JSON.parse(text)),
        close: () => {
          socket.open = false;
        },
        event: (event) => handlers.text(JSON.stringify(event)),
        text: handlers.text,
        frame: handlers.frame,
        closed: handlers.closed,
      };
      server.sockets.push(socket);
      return socket;
    },
  };
  const connection = new Connection({
    board,
    // Read at each call, so that a test can put another in place.
    ports: {
      fetchSnapshot: (fetching) => ports.fetchSnapshot(fetching),
      open: (position, handlers) => ports.open(position, handlers),
    },
    timers: time.timers,
    random,
  });
  let ids = 0;
  const session = new Session(connection, {
    timers: time.timers,
    newId: () => `op-${++ids}`,
    board,
  });
  /** @type {string[]} */
  const states = [];
  connection.on("state", (state) => states.push(state));
  /** @type {Partial<{name: string, code: string | null, detail: string}>[]} */
  const heard = [];
  for (const name of /** @type {const} */ (["placed", "refused", "trouble", "ready"])) {
    session.on(name, (detail = {}) => heard.push({ name, ...detail }));
  }
  return { time, board, server, ports, connection, session, states, heard };
}

/**
 * Make the same, connected and live.
 * @param {Parameters<typeof page>[0]} [options]
 */
export async function livePage(options) {
  const parts = page(options);
  parts.connection.load();
  await settle();
  parts.server.hello();
  return parts;
}

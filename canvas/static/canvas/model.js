/** The model of the page: board, viewport, tool, session and connection. */

import { Api } from "./net/http.js";
import { websocketTo } from "./net/websocket.js";
import { Board } from "./state/board.js";
import { Session } from "./state/session.js";
import { Tool } from "./state/tool.js";
import { Undo } from "./state/undo.js";
import { Viewport } from "./state/viewport.js";
import { Connection } from "./sync/connection.js";

/** @import { Timers } from "./lib/named_timers.js" */

/** @typedef {ReturnType<typeof createModel>} Model */

/**
 * The colours of the canvas, by palette index.
 * @typedef {object} Colors
 * @property {string[]} hexes `#RRGGBB`
 * @property {string[]} names in the language that is spoken
 * @property {number[]} offered indices that may be chosen
 */

/** @type {Timers} */
export const browserTimers = {
  set: (action, ms) => window.setTimeout(action, ms),
  clear: (id) => window.clearTimeout(id),
  now: () => performance.now(),
};

/**
 * Build the model of a canvas; `connection.load()` starts it.
 * @param {string} slug of the canvas
 */
export function createModel(slug) {
  const api = new Api(slug);
  const board = new Board();
  const ports = { fetchSnapshot: () => fetchSnapshot(api, session), open: websocketTo(slug) };
  const connection = new Connection({ board, ports, timers: browserTimers, random: Math.random });
  const session = new Session(connection, { timers: browserTimers, newId });
  /** @type {Colors} */
  const colors = { hexes: [], names: [], offered: [] };
  return {
    slug,
    api,
    board,
    connection,
    session,
    undo: new Undo(session, { lookUp: (x, y) => api.pixel(x, y), timers: browserTimers }),
    colors,
    viewport: new Viewport(),
    tool: new Tool(),
  };
}

/**
 * Fetch the board, and the first time the rules with it: without a palette bytes are no picture.
 * @param {Api} api
 * @param {Session} session
 */
async function fetchSnapshot(api, session) {
  if (session.canvas.palette.length) return api.board();
  const [rules, snapshot] = await Promise.all([api.canvas(), api.board()]);
  session.setCanvas(rules);
  return snapshot;
}

/** An id of 24 hexadecimal digits. `crypto.randomUUID` is missing on pages without https. */
function newId() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(12))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The model of the page: board, viewport, tool, session and connection. */

import { browserTimers } from "./dom/timers.js";
import { Viewport } from "./lib/viewport.js";
import { Api } from "./net/http.js";
import { websocketTo } from "./net/websocket.js";
import { Board } from "./state/board.js";
import { Session } from "./state/session.js";
import { Shown } from "./state/shown.js";
import { Staged } from "./state/staged.js";
import { Tool } from "./state/tool.js";
import { Undo } from "./state/undo.js";
import { Connection } from "./sync/connection.js";
import { withFallback } from "./sync/fallback.js";
import { pollingOver } from "./sync/polling.js";

/**
 * @import { Fetching } from "./sync/loader.js"
 * @import { Self } from "./sync/polling.js"
 */

/** @typedef {ReturnType<typeof createModel>} Model */

/**
 * The colours of the canvas, by palette index.
 * @typedef {object} Colors
 * @property {string[]} hexes `#RRGGBB`
 * @property {string[]} names in the language that is spoken
 * @property {number[]} offered indices that may be chosen
 */

/**
 * Build the model of a canvas; `connection.load()` starts it.
 * @param {string} slug of the canvas
 * @param {Self} self the person, by the server
 */
export function createModel(slug, self) {
  const api = new Api(slug);
  const board = new Board();
  const ports = {
    /** @param {Fetching} fetching */
    fetchSnapshot: (fetching) => fetchSnapshot(api, session, fetching),
    open: wayTo(slug, api, self),
  };
  const connection = new Connection({ board, ports, timers: browserTimers, random: Math.random });
  const session = new Session(connection, { timers: browserTimers, newId, board });
  /** @type {Colors} */
  const colors = { hexes: [], names: [], offered: [] };
  return {
    slug,
    api,
    board,
    connection,
    session,
    staged: new Staged(session, { board, timers: browserTimers }),
    undo: new Undo(session, { lookUp: (x, y) => api.pixel(x, y), timers: browserTimers }),
    colors,
    shown: new Shown(board, colors),
    viewport: new Viewport(),
    tool: new Tool(),
  };
}

/**
 * Fetch the board, and the first time the rules with it: without a palette bytes are no picture.
 * @param {Api} api
 * @param {Session} session
 * @param {Fetching} fetching
 */
async function fetchSnapshot(api, session, fetching) {
  if (session.canvas.palette.length) return api.board(fetching);
  const [rules, snapshot] = await Promise.all([api.canvas(fetching.signal), api.board(fetching)]);
  session.setCanvas(rules);
  return snapshot;
}

/**
 * Return the way to the server: a WebSocket, or where none comes through, HTTP.
 * @param {string} slug
 * @param {Api} api
 * @param {Self} self
 */
function wayTo(slug, api, self) {
  const http = {
    self,
    canvas: () => api.canvas(),
    /** @type {Api["changes"]} */
    changes: (since, epoch) => api.changes(since, epoch),
    /** @type {Api["place"]} */
    place: (command) => api.place(command),
  };
  return withFallback(websocketTo(slug), pollingOver(http, browserTimers), browserTimers);
}

/** An id of 24 hexadecimal digits. `crypto.randomUUID` is missing on pages without https. */
function newId() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(12))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The WebSocket of a canvas, as the port that the connection opens. */

import { LOST_CODE } from "../sync/backoff.js";
import { SUBPROTOCOL } from "../sync/protocol.js";

/** @import { OpenSocket, SocketHandlers } from "../sync/socket_session.js" */

/**
 * Return a function that opens a WebSocket to a canvas.
 * @param {string} slug of the canvas
 * @returns {OpenSocket}
 */
export function websocketTo(slug) {
  return ({ since, epoch }, { frame, text, closed }) => {
    const url = new URL(`/ws/${encodeURIComponent(slug)}/`, window.location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("since", String(since));
    if (epoch !== null) url.searchParams.set("epoch", epoch);
    const socket = created(url, closed);
    if (!socket) return { send: () => {}, close: () => {} };
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => (typeof data === "string" ? text(data) : frame(data));
    socket.onclose = ({ code }) => closed(code);
    return {
      send: (message) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(message);
      },
      close: () => socket.close(),
    };
  };
}

/**
 * Make a WebSocket; where the browser has none, or an extension forbids it, it is one that closes.
 * @param {URL} url
 * @param {SocketHandlers["closed"]} closed
 */
function created(url, closed) {
  try {
    return new WebSocket(url, SUBPROTOCOL);
  } catch {
    queueMicrotask(() => closed(LOST_CODE));
    return null;
  }
}

/** The WebSocket, as the port that ``sync/connection`` wants. */

import { SUBPROTOCOL } from "../sync/protocol.js";

/**
 * @param {string} slug of the canvas
 * @returns {import("../sync/connection.js").Ports["open"]}
 */
export function websocketTo(slug) {
  return (since, { frame, text, closed }) => {
    const url = new URL(`/ws/${encodeURIComponent(slug)}/`, window.location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.search = new URLSearchParams({ since: String(since) }).toString();
    const socket = new WebSocket(url, SUBPROTOCOL);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => (typeof data === "string" ? text(data) : frame(data));
    socket.onclose = ({ code }) => closed(code);
    return {
      send: (message) => socket.readyState === WebSocket.OPEN && socket.send(message),
      close: () => socket.close(),
    };
  };
}

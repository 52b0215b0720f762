/** The header and the coordinates: connection, place, zoom. */

import { hasWords, t } from "../i18n/strings.js";
import { byId } from "./dom.js";

/**
 * @import { Connection } from "../sync/connection.js"
 * @import { Problem } from "../sync/protocol.js"
 */

const TICK_MS = 500;

/** @type {number | undefined} */
let timer;

/**
 * Show the state of the connection, and the seconds until the next attempt.
 * @param {Connection} connection
 */
export function showConnection(connection) {
  const { state, reason, retryIn } = connection;
  const pill = byId("connection");
  pill.dataset.state = state;
  byId("connection-text").textContent = t(`state_${state}`);
  const seconds = state === "reconnecting" && retryIn !== null ? Math.ceil(retryIn / 1000) : null;
  byId("connection-wait").textContent = seconds === null ? "" : t("retry_in", { seconds });
  const why = reason && hasWords(reason) ? `${t(reason)} ` : "";
  pill.title = `${why}${t(`hint_${state}`)}`;
  window.clearTimeout(timer);
  if (state === "reconnecting")
    timer = window.setTimeout(() => showConnection(connection), TICK_MS);
}

/**
 * Show the cell that is pointed at, and the zoom.
 * @param {{x: number, y: number} | null} cell
 * @param {number} scale CSS pixels a cell
 */
export function showPointedAt(cell, scale) {
  byId("where").textContent = cell ? t("cell_at", cell) : "";
  byId("zoom").textContent = `${roundedZoom(scale)}×`;
}

/**
 * Return the zoom as it is shown.
 * @param {number} scale CSS pixels a cell
 */
export function roundedZoom(scale) {
  return scale >= 10 ? Math.round(scale) : Number(scale.toFixed(1));
}

/**
 * Explain a problem in the language that is spoken, where it has words, else in the server's.
 * @param {Problem} problem
 * @param {number} remaining ms of the cooldown
 * @returns {string}
 */
export function explain({ code, detail }, remaining) {
  if (code && hasWords(code)) return t(code, { seconds: Math.ceil(remaining / 1000) });
  return detail || t("refused");
}

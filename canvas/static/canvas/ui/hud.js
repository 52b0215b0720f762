/** The header: connection, coordinates, zoom. */

import { byId } from "./dom.js";
import { hasWords, t } from "../i18n/strings.js";

const TICK_MS = 500;
let timer = null;

/** The state, and while the next attempt waits, when it comes. @param {object} connection */
export function showConnection(connection) {
  const { state, reason, retryIn } = connection;
  const waiting = state === "reconnecting" && retryIn !== null;
  const pill = byId("connection");
  pill.dataset.state = state;
  byId("connection-text").textContent = t(`state_${state}`);
  byId("connection-wait").textContent = waiting ? t("retry_in", { seconds: Math.ceil(retryIn / 1000) }) : "";
  const why = reason && hasWords(reason) ? `${t(reason)} ` : "";
  pill.title = `${why}${t(`hint_${state}`)}`;
  clearTimeout(timer);
  if (state === "reconnecting") timer = setTimeout(() => showConnection(connection), TICK_MS);
}

/** @param {{x: number, y: number} | null} cell pointed at @param {number} scale */
export function showWhere(cell, scale) {
  byId("where").textContent = cell ? t("cell_at", cell) : "";
  byId("zoom").textContent = scale >= 10 ? `${Math.round(scale)}×` : `${Number(scale.toFixed(1))}×`;
}

/**
 * @param {{code?: string, detail?: string}} problem
 * @param {number} remaining ms of the cooldown
 * @returns {string} in the reader's words where there are any, else in the server's
 */
export function explain({ code, detail }, remaining) {
  if (code && hasWords(code)) return t(code, { seconds: Math.ceil(remaining / 1000) });
  return detail || t("refused");
}

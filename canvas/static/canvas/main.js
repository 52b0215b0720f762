/** Wires the page together; nothing is decided here. */

import { Actions } from "./actions.js";
import { Address } from "./address.js";
import { Alerts } from "./alerts.js";
import { Board } from "./board.js";
import { Connection } from "./connection.js";
import { Dock } from "./dock.js";
import { byId, uncovered } from "./dom.js";
import { Hand } from "./hand.js";
import { Api } from "./http.js";
import { explain, showConnection, showWhere } from "./hud.js";
import { listenToPointers } from "./input.js";
import { listenToKeys } from "./keyboard.js";
import { Lookup } from "./lookup.js";
import { Menu } from "./menu.js";
import { Minimap } from "./minimap.js";
import { colorNames } from "./palette.js";
import { Panels } from "./panels.js";
import { People } from "./people.js";
import { Renderer } from "./renderer.js";
import { ReportForm } from "./report.js";
import { Session } from "./session.js";
import { Settings } from "./settings.js";
import { copyLink, savePicture } from "./share.js";
import { socketTo } from "./socket.js";
import { chooseLanguage, namedColors, speak, t } from "./strings.js";
import { announce, toast } from "./toasts.js";
import { translatePage } from "./translate.js";
import { Viewport } from "./viewport.js";
import { listenToWheel } from "./wheel.js";

/** What of the hand the browser remembers. */
const KEPT = ["color", "grid", "minimap", "symbols"];

const { slug, guestsAllowed } = document.body.dataset;
const stage = byId("stage");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const timers = {
  set: (action, ms) => setTimeout(action, ms),
  clear: (id) => clearTimeout(id),
  now: () => performance.now(),
};

const settings = new Settings();
const api = new Api(slug);
const board = new Board();
const viewport = new Viewport();
const hand = new Hand();
const ports = { fetchSnapshot: firstOf(api), open: socketTo(slug) };
const connection = new Connection({ board, ports, timers, random: Math.random });
const session = new Session(connection, { timers, newId });
const palette = { hexes: [], names: [], offered: [] };

const address = new Address(viewport);
const panels = new Panels();
const lookup = new Lookup(api, () => palette);
const report = new ReportForm(api);
const renderer = new Renderer({ canvas: byId("board"), overlay: byId("overlay"), board, viewport, scene });
const actions = new Actions({
  board, viewport, hand, session,
  shell: {
    lookup: (cell) => {
      report.about(cell);
      panels.open("pixel");
      lookup.show(cell, board.get(cell.x, cell.y));
    },
    help: () => panels.help(),
    people: () => panels.toggle("people"),
    copyLink: () => copyLink(address.link()),
    saveView: () => savePicture(byId("board"), `${slug}-view.png`),
    dismiss: () => panels.close(),
    announce,
    tell: (key) => toast(t(key)),
    describe: ({ x, y }) => t("cell_words", { x, y, name: palette.names[board.get(x, y)] }),
  },
});
const minimap = new Minimap({ box: byId("minimap"), board, viewport, go: (place) => viewport.show(place) });
const dock = new Dock({ session, hand, actions, guestsAllowed: guestsAllowed === "true" });
const alerts = new Alerts(settings, session.cooldown);
const people = new People(session, rename);
const menu = new Menu({ settings, hand, actions, askToNotify: Alerts.askToNotify, speak: switchLanguage });

/** The first fetch brings the palette too: without it bytes are no picture. */
function firstOf(source) {
  return async () => {
    if (session.canvas.palette.length) return source.board();
    const [meta, snapshot] = await Promise.all([source.canvas(), source.board()]);
    session.setCanvas(meta);
    return snapshot;
  };
}

/** `crypto.randomUUID` is missing on pages without https. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @returns {import("./overlay.js").Scene} */
function scene() {
  const color = hand.color === null ? null : palette.hexes[hand.color];
  return {
    grid: hand.grid, symbols: hand.symbols, color, cursor: hand.cursor, ghost: hand.cursor ? null : hand.hover,
    pending: [...session.placements.all()],
  };
}

function rename(nickname) {
  settings.set("nickname", nickname);
  session.me.nickname = nickname;
  people.showMe();
  toast(t("nickname_kept", { name: nickname || session.me.name }));
}

function speakIn(language) {
  speak(language);
  translatePage(language);
}

/** Says everything anew, in another language. */
function switchLanguage(language) {
  settings.set("language", language);
  speakIn(language);
  nameColors();
  describeBoard();
  showConnection(connection);
  dock.showTurn();
  people.showCount();
  people.showMe();
}

function nameColors() {
  palette.names = colorNames(palette.hexes, namedColors());
  dock.setPalette(palette.hexes, palette.names, palette.offered);
}

function describeBoard() {
  stage.setAttribute("aria-label", t("board_words", board));
}

function showCanvas({ palette: hexes, offered }) {
  if (hand.offer(offered)) toast(t("color_retired"));
  if (String([hexes, offered]) !== String([palette.hexes, palette.offered])) {
    Object.assign(palette, { hexes, offered });
    renderer.setPalette(hexes);
    minimap.setPalette(hexes);
    nameColors();
  }
  dock.showTurn();
  resize();
}

function showBoard() {
  const first = !viewport.hasBoard;
  viewport.setBoard(board.width, board.height);
  if (first && !address.follow()) viewport.fit();
  describeBoard();
  document.body.classList.add("ready");
  renderer.request("all");
  minimap.request();
}

function resize() {
  viewport.insets = uncovered(stage, ".brand", "#dock");
  viewport.resize(stage.clientWidth, stage.clientHeight);
}

function follow() {
  showWhere(hand.cell, viewport.scale);
  minimap.follow();
}

function react() {
  connection.on("state", () => showConnection(connection));
  connection.on("state", (state) => announce(t(`state_${state}`)));
  connection.on("board", showBoard);
  connection.on("pixels", () => renderer.request("cells"));
  connection.on("pixels", () => minimap.request());
  session.on("canvas", showCanvas);
  session.on("people", () => people.showCount());
  session.on("me", () => people.showMe());
  session.on("me", () => dock.showTurn());
  session.on("pending", () => renderer.request("overlay"));
  session.on("pending", () => dock.showTurn());
  session.on("cooldown", () => dock.showTurn());
  session.on("cooldown", () => alerts.showTitle());
  session.on("ready", () => dock.showTurn());
  session.on("ready", () => alerts.ready());
  session.on("placed", ({ x, y, index }) => announce(t("placed_at", { x, y, name: palette.names[index] })));
  session.on("refused", (problem) => toast(explain(problem, session.cooldown.remaining), "problem"));
  session.on("trouble", (problem) => toast(explain(problem, session.cooldown.remaining), "problem"));
  viewport.on("change", () => renderer.request("view"));
  viewport.on("change", () => address.note());
  viewport.on("change", follow);
  hand.on("change", (name) => {
    renderer.request(name === "symbols" ? "all" : "overlay");
    if (name === "color") dock.showColor();
    if (name === "cursor") dock.showCursor();
    if (name === "symbols") dock.showSigns(hand.symbols);
    if (KEPT.includes(name)) settings.set(name, hand[name]);
    menu.show();
    minimap.show(hand.minimap);
    follow();
  });
  panels.onOpen = (name) => name === "people" && people.showList();
}

function listen() {
  listenToPointers(stage, actions, calm, timers);
  listenToWheel(stage, actions, calm);
  listenToKeys(stage, actions);
  byId("zoom-in").addEventListener("click", () => actions.zoom(1.5));
  byId("zoom-out").addEventListener("click", () => actions.zoom(1 / 1.5));
  byId("zoom-fit").addEventListener("click", () => actions.fit());
  byId("connection").addEventListener("click", () => connection.nudge());
  window.addEventListener("online", () => connection.nudge());
  document.addEventListener("visibilitychange", () => document.hidden || connection.nudge());
  new ResizeObserver(resize).observe(stage);
}

speakIn(settings.get("language") ?? chooseLanguage(navigator.languages));
react();
listen();
hand.set(Object.fromEntries(KEPT.map((name) => [name, settings.get(name)])));
session.me.nickname = settings.get("nickname");
resize();
showConnection(connection);
menu.show();
connection.load();

/** The reactions of the page to changes of the model. */

import { namedColors, t } from "./i18n/strings.js";
import { colorNames } from "./state/palette.js";
import { find, insetsOf } from "./ui/dom.js";
import { explain, showConnection, showPointedAt } from "./ui/hud.js";
import { announce, toast } from "./ui/toasts.js";

/**
 * @import { Model } from "./model.js"
 * @import { Parts } from "./parts.js"
 * @import { Canvas } from "./state/rules.js"
 * @import { Held } from "./state/tool.js"
 */

/** @typedef {Model & Parts} Page */

/** The parts of the tool that the browser remembers. */
export const REMEMBERED = /** @type {const} */ (["color", "quick", "grid", "minimap", "symbols"]);

/**
 * Follow the model from now on.
 * @param {Page} page
 */
export function react(page) {
  reactToConnection(page);
  reactToSession(page);
  reactToPerson(page);
  page.undo.on("change", () => page.toolButtons.show());
  reactToStaged(page);
}

/** @param {Page} page */
function reactToConnection(page) {
  const { connection, renderer, minimap, dock } = page;
  connection.on("state", (state) => {
    showConnection(connection);
    dock.showTurn();
    announce(t(`state_${state}`));
  });
  connection.on("board", () => showBoard(page));
  connection.on("pixels", () => {
    if (page.tool.cursor) dock.showTurn();
    renderer.request("cells");
    minimap.request();
  });
}

/** @param {Page} page */
function reactToSession(page) {
  const { session, people, dock, alerts, renderer, colors } = page;
  session.on("canvas", (canvas) => showCanvas(page, canvas));
  session.on("people", () => people.showCount());
  session.on("me", () => {
    people.showMe();
    dock.showTurn();
  });
  session.on("pending", () => {
    renderer.request("overlay");
    dock.showTurn();
  });
  session.on("cooldown", () => {
    dock.showTurn();
    alerts.showTitle();
  });
  session.on("ready", () => {
    dock.showTurn();
    alerts.ready();
  });
  session.on("placed", ({ x, y, index, over }) => {
    const name = colors.names[index];
    if (over === undefined) announce(t("placed_at", { x, y, name }));
    else toast(t("taken_back", { x, y, name }));
  });
  for (const name of /** @type {const} */ (["refused", "trouble"])) {
    session.on(name, (problem) => {
      if ("id" in problem && page.staged.owns(problem.id)) return;
      const kind = problem.code === "no_change" ? "info" : "problem";
      toast(explain(problem, session.cooldown.remaining), kind, "refused");
    });
  }
}

/** @param {Page} page */
function reactToStaged({ staged, stagedBar, toolButtons, session, renderer }) {
  staged.on("change", () => {
    stagedBar.show();
    toolButtons.show();
    renderer.request("overlay");
  });
  staged.on("refused", (problem) => {
    toast(explain(problem, session.cooldown.remaining), "problem");
  });
  staged.on("done", ({ drawn, refused }) => {
    const result = t("staged_drawn", { count: drawn });
    toast(refused ? `${result} ${t("staged_refused", { count: refused })}` : result);
  });
}

/** @param {Page} page */
function reactToPerson(page) {
  const { viewport, renderer, address, tool, panels, people, session, goTo, shown } = page;
  const { settings } = page;
  viewport.on("change", () => {
    renderer.request("view");
    address.note();
    showPlace(page);
  });
  shown.on("change", () => showOther(page));
  tool.on("change", (name) => showTool(page, name));
  settings.on("change", (name) => {
    if (name !== "nickname") return;
    session.me.nickname = settings.get("nickname");
    people.showMe();
  });
  panels.onOpen = (name) => {
    if (name === "people") {
      session.askForPeople();
      people.showList();
    }
    if (name === "goto") goTo.open();
  };
}

/**
 * Show the canvas by its new rules.
 * @param {Page} page
 * @param {Canvas} canvas
 */
function showCanvas(page, { palette: hexes, offered }) {
  const { tool, colors, shown, dock } = page;
  if (tool.offer(offered)) toast(t("color_retired"));
  if (String([hexes, offered]) !== String([colors.hexes, colors.offered])) {
    Object.assign(colors, { hexes, offered });
    if (shown.live) paintWith(page, hexes);
    nameColors(page);
  }
  dock.showTurn();
  fitStage(page);
}

/**
 * @param {Page} page
 * @param {string[]} hexes
 */
function paintWith({ renderer, minimap }, hexes) {
  renderer.setPalette(hexes);
  minimap.setPalette(hexes);
}

/**
 * Show another board in place of the live one, or the live one again.
 * @param {Page} page
 */
function showOther(page) {
  const { shown, viewport, address } = page;
  nameColors(page);
  paintWith(page, shown.colors.hexes);
  viewport.setBoard(shown.width, shown.height);
  describeBoard(page);
  address.note();
}

/**
 * Show a board that was loaded anew; the first one at the place that the address names.
 * @param {Page} page
 */
function showBoard(page) {
  const { viewport, board, shown, address, renderer, minimap } = page;
  if (!shown.live) return;
  const first = !viewport.hasBoard;
  viewport.setBoard(board.width, board.height);
  if (first && !address.follow()) viewport.fit();
  describeBoard(page);
  document.body.classList.add("ready");
  renderer.request("all");
  minimap.request();
}

/**
 * Show a change of the tool, and remember it where the browser does.
 * @param {Page} page
 * @param {keyof Held} name of what changed
 */
function showTool(page, name) {
  const { tool, renderer, dock, settings, minimap } = page;
  renderer.request(name === "symbols" ? "all" : "overlay");
  if (name === "color") dock.showColor();
  if (name === "cursor") dock.showCursor();
  if (name === "stroke" || name === "quick") page.toolButtons.show();
  if (name === "symbols") dock.showSigns(tool.symbols);
  if (tool.resting) return showPlace(page);
  const remembered = REMEMBERED.find((each) => each === name);
  if (remembered && settings.get(remembered) !== tool[remembered])
    settings.set(remembered, tool[remembered]);
  minimap.show(tool.minimap);
  showPlace(page);
}

/**
 * Show the cell that is pointed at, and the part of the board that is seen.
 * @param {Page} page
 */
function showPlace({ tool, viewport, minimap }) {
  showPointedAt(tool.cell, viewport.scale);
  minimap.follow();
}

/**
 * Give the viewport the size that the window leaves it.
 * @param {Page} page
 */
export function fitStage({ stage, foot, viewport }) {
  viewport.insets = insetsOf(stage, find(document, ".brand"), foot.element);
  viewport.resize(stage.clientWidth, stage.clientHeight);
}

/**
 * Name the colours in the language that is spoken.
 * @param {Page} page
 */
export function nameColors({ colors, shown, dock }) {
  for (const each of [colors, shown.colors]) each.names = colorNames(each.hexes, namedColors());
  dock.setPalette(colors.hexes, colors.names, colors.offered);
}

/**
 * Name the board for screen readers.
 * @param {Page} page
 */
export function describeBoard({ stage, shown: board }) {
  stage.setAttribute("aria-label", t("board_words", { width: board.width, height: board.height }));
}

/** The start of a canvas's page: model, parts, and the connections between them. */

import { browserTimers } from "./dom/timers.js";
import { Extensions } from "./extensions.js";
import { chooseLanguage, speak, spokenNow, t } from "./i18n/strings.js";
import { listenToKeys } from "./input/keyboard.js";
import { listenToPointers } from "./input/pointers.js";
import { listenToWheel } from "./input/wheel.js";
import { createModel } from "./model.js";
import { createParts } from "./parts.js";
import { describeBoard, fitStage, nameColors, REMEMBERED, react } from "./reactions.js";
import { byId, followPageZoom } from "./ui/dom.js";
import { returnFocus } from "./ui/focus.js";
import { showConnection } from "./ui/hud.js";
import { becomeApp } from "./ui/install.js";
import { toast } from "./ui/toasts.js";
import { translatePage } from "./ui/translate.js";

/**
 * @import { Language } from "./i18n/strings.js"
 * @import { Page } from "./reactions.js"
 */

/**
 * Build the page, and load the board. Until another language has come it speaks English.
 * @returns {Extensions} where features of other apps are offered
 */
export function start() {
  const page = createPage();
  translatePage();
  react(page);
  page.address.onMoment = (at) => page.extensions.follow(at);
  listen(page);
  restore(page);
  fitStage(page);
  showConnection(page.connection);
  page.menu.show();
  page.toolButtons.show();
  page.connection.load();
  document.body.classList.add("started");
  for (const part of document.querySelectorAll("[inert]")) part.removeAttribute("inert");
  const language = page.settings.get("language") ?? chooseLanguage(navigator.languages);
  if (language !== spokenNow().code) switchLanguage(page, language);
  becomeApp();
  return page.extensions;
}

/** @returns {Page} */
function createPage() {
  const { slug = "", guestsAllowed, username = "", guest } = document.body.dataset;
  const model = createModel(slug, { username, guest: guest === "true" });
  /** @type {Page} */
  const page = {
    ...model,
    ...createParts(model, {
      guestsAllowed: guestsAllowed === "true",
      rename: (nickname) => rename(page, nickname),
      speak: (language) => chooseToSpeak(page, language),
      fit: () => fitStage(page),
      extensions: new Extensions(() => page),
    }),
  };
  return page;
}

/**
 * Turn clicks, keys and changes of the window into actions.
 * @param {Page} page
 */
function listen(page) {
  const { stage, actions, connection, narrator } = page;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  listenToPointers(stage, actions, calm, browserTimers);
  listenToWheel(stage, actions, calm);
  listenToKeys(stage, actions, (act) => narrator.around(act));
  for (const [id, act] of Object.entries({
    "zoom-in": () => actions.zoom(1.5),
    "zoom-out": () => actions.zoom(1 / 1.5),
    "zoom-fit": () => actions.fit(),
  })) {
    byId(id).addEventListener("click", () => narrator.around(act));
  }
  returnFocus(stage);
  byId("connection").addEventListener("click", () => connection.nudge());
  window.addEventListener("online", () => connection.nudge());
  window.addEventListener("offline", () => connection.doubt());
  document.addEventListener("visibilitychange", () => connection.attention.hide(document.hidden));
  const fitting = new ResizeObserver(() => fitStage(page));
  fitting.observe(stage);
  followPageZoom(stage);
}

/**
 * Take up the tool and the name that the browser remembers.
 * @param {Page} page
 */
function restore({ tool, session, settings }) {
  for (const name of REMEMBERED) tool.set({ [name]: settings.get(name) });
  session.me.nickname = settings.get("nickname");
}

/**
 * Take a guest's new name; it stands under the next pixel.
 * @param {Page} page
 * @param {string} nickname empty for none
 */
function rename({ settings, session }, nickname) {
  settings.set("nickname", nickname);
  toast(t("nickname_kept", { name: nickname || session.me.name }));
}

/**
 * Take the language that a person chose, and remember it.
 * @param {Page} page
 * @param {Language} language
 */
async function chooseToSpeak(page, language) {
  if (await switchLanguage(page, language)) page.settings.set("language", language);
  page.menu.show();
}

/**
 * Say everything anew, in another language; tell where its words do not come.
 * @param {Page} page
 * @param {Language} language
 * @returns {Promise<boolean>} false when it is not spoken, or another one was chosen meanwhile
 */
async function switchLanguage(page, language) {
  try {
    if (!(await speak(language, browserTimers))) return false;
  } catch {
    toast(t("language_failed"), "problem");
    return false;
  }
  translatePage();
  nameColors(page);
  describeBoard(page);
  showConnection(page.connection);
  page.dock.showTurn();
  page.people.showCount();
  page.people.showMe();
  page.stagedBar.show();
  page.menu.show();
  page.extensions.translate();
  return true;
}

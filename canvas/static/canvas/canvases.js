/** The list of canvases: its words in the language that is spoken, and thumbnails that follow. */

import { browserTimers } from "./dom/timers.js";
import { chooseLanguage, speak, t } from "./i18n/strings.js";
import { Settings } from "./ui/settings.js";
import { translatePage } from "./ui/translate.js";

const REFRESH_MS = 15_000;

/** Translate the page, and keep its pictures fresh while it is seen. */
export async function start() {
  window.setInterval(() => {
    if (!document.hidden) refresh();
  }, REFRESH_MS);
  const language = new Settings().get("language") ?? chooseLanguage(navigator.languages);
  await speak(language, browserTimers).catch(() => {}); // then in English
  translatePage();
  document.title = `${t("canvases")} · pixelsite`;
  for (const people of document.querySelectorAll("[data-count]")) {
    const count = Number(people.getAttribute("data-count"));
    people.textContent = t("canvas_people", { count });
  }
}

/** Fetch the pictures that have been seen anew: the server answers by what has changed. */
function refresh() {
  for (const picture of document.querySelectorAll(".picture img")) {
    if (!(picture instanceof HTMLImageElement) || !picture.complete) continue;
    const url = new URL(picture.src);
    url.searchParams.set("at", String(Math.floor(Date.now() / REFRESH_MS)));
    picture.src = url.href;
  }
}

/** Blueprints: pictures that people draw over, on the page of a canvas. */

import { browserTimers } from "../canvas/dom/timers.js";
import { meaningOf } from "../canvas/lib/keys.js";
import { inTime } from "../canvas/lib/late.js";
import { NamedTimers } from "../canvas/lib/named_timers.js";
import { Desk } from "./desk.js";
import { BlueprintLayer } from "./draw/layer.js";
import { speak, w } from "./i18n/words.js";
import { followTemplate, openLinked } from "./linked.js";
import { Look } from "./model/look.js";
import { Shelf } from "./model/shelf.js";
import { NextCell } from "./next_cell.js";
import { Painter } from "./painter.js";
import { Club } from "./shared/club.js";
import { Site } from "./shared/site.js";
import { Sight } from "./sight.js";
import { Store } from "./store/store.js";
import { Advice } from "./ui/advice.js";
import { Workbench } from "./workbench.js";

/**
 * @import { Extension, Host } from "../canvas/extensions.js"
 */

const COUNTS_MS = 250;
const SAMPLE_MS = 60_000;
/** The page loads the blueprints by itself while this is set: some are on. */
const WANTED = "pixelsite-blueprints-on";

/**
 * Bring the blueprints to a page.
 * @param {Host} host
 * @returns {Promise<Extension>}
 */
export async function install(host) {
  const shelf = new Shelf(host.board);
  const look = new Look();
  const sight = new Sight(host);
  const next = new NextCell(host, { shelf, look, sight });
  const desk = new Desk(host, { shelf, sight });
  const site = new Site(host.slug, browserTimers);
  const club = new Club(host, { shelf, desk, site });
  const linked = openLinked(host, { club, desk, shelf });
  await Promise.all([speak(host.spokenNow().code, browserTimers), addStyle()]);
  const goNext = (/** @type {boolean} */ random) => next.go(random);
  const bench = new Workbench(host, { shelf, look, desk, club, site, next: goNext });
  const opener = document.getElementById("blueprints-button") ?? undefined;
  host.panels.adopt("blueprints", opener, () => bench.showCounts());
  new Advice(host, { plan: shelf.plan, look });
  const layer = layOver(host, new Painter(host, { shelf, look }));
  followBoard(host, shelf, layer, bench);
  followShelf(shelf, layer, bench);
  look.on("change", () => {
    layer.canvas.style.opacity = String(look.values.opacity / 100);
    layer.refresh();
    bench.showLook();
  });
  look.emit("change");
  host.session.on("canvas", () => bench.showLook());
  listenToKeys(host, next);
  await restock(host, shelf);
  linked.begin();
  followTemplate(bench);
  return {
    toggle: () => host.panels.toggle("blueprints"),
    take: (file) => bench.read(file),
    translate: async () => {
      await speak(host.spokenNow().code, browserTimers);
      bench.translate();
    },
  };
}

/**
 * @param {Host} host
 * @param {Painter} painter
 */
function layOver(host, painter) {
  const canvas = document.createElement("canvas");
  canvas.id = "blueprints";
  const layer = new BlueprintLayer({
    canvas,
    subject: () => painter.subject(),
    request: () => host.renderer.request("cells"),
  });
  host.renderer.layers.add(layer);
  return layer;
}

/**
 * Follow the board cell by cell, and as a whole.
 * @param {Host} host
 * @param {Shelf} shelf
 * @param {BlueprintLayer} layer
 * @param {Workbench} bench
 */
function followBoard(host, shelf, layer, bench) {
  shelf.setPalette(host.colors.hexes);
  host.session.on("canvas", ({ palette }) => shelf.setPalette(palette));
  host.connection.on("board", () => shelf.recount());
  host.shown.on("change", () => layer.refresh());
  const timers = new NamedTimers(browserTimers);
  host.board.watch((x, y, now, before) => {
    shelf.follow(x, y, now, before);
    layer.touch({ x, y });
    if (!timers.has("counts")) timers.set("counts", COUNTS_MS, () => bench.showCounts());
  });
  window.setInterval(() => shelf.sample(Date.now()), SAMPLE_MS);
}

/**
 * @param {Shelf} shelf
 * @param {BlueprintLayer} layer
 * @param {Workbench} bench
 */
function followShelf(shelf, layer, bench) {
  shelf.on("list", () => {
    layer.refresh();
    bench.showList();
    remember(shelf.all.some(({ on }) => on));
  });
  shelf.on("slid", () => layer.refresh());
  shelf.on("counts", () => bench.showCounts());
}

/** @param {boolean} wanted */
function remember(wanted) {
  try {
    if (wanted) localStorage.setItem(WANTED, "1");
    else localStorage.removeItem(WANTED);
  } catch {
    // Private windows may refuse; nothing is kept there anyway.
  }
}

/**
 * Bring back what this browser keeps, and keep what comes.
 * @param {Host} host
 * @param {Shelf} shelf
 */
async function restock(host, shelf) {
  const store = new Store(host.slug);
  let told = false;
  const fails = () => {
    if (!told) host.toast(w("not_kept"), "problem");
    told = true;
  };
  shelf.restock(await store.load().catch(() => []));
  shelf.sample(Date.now());
  shelf.on("keep", (id, kept) => {
    (kept ? store.keep(kept) : store.forget(id)).catch(fails);
  });
  shelf.on("list", () => store.arrange(shelf.all.map(({ id }) => id)));
}

/**
 * R goes to the nearest wrong cell, with shift to any.
 * @param {Host} host
 * @param {NextCell} next
 */
function listenToKeys(host, next) {
  document.addEventListener("keydown", (event) => {
    const { target, ctrlKey, metaKey, altKey, isComposing, shiftKey } = event;
    if ((target !== host.stage && target !== document.body) || isComposing) return;
    if (ctrlKey || metaKey || altKey || meaningOf(event) !== "r") return;
    event.preventDefault();
    next.go(shiftKey);
  });
}

/** Add the style of this feature; without it, or until it comes, all works, only less pretty. */
function addStyle() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = document.body.dataset.blueprintsStyle ?? "";
  const there = new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return inTime(there, browserTimers).catch(() => {});
}

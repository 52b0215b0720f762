/** The visible parts of the page, made once for a model. */

import { browserTimers } from "./dom/timers.js";
import { Minimap } from "./draw/minimap.js";
import { Renderer } from "./draw/renderer.js";
import { t } from "./i18n/strings.js";
import { later } from "./lib/late.js";
import { Actions } from "./state/actions.js";
import { regionSeen } from "./state/seen.js";
import { Address } from "./ui/address.js";
import { Alerts } from "./ui/alerts.js";
import { Dock } from "./ui/dock.js";
import { byId, find } from "./ui/dom.js";
import { Foot } from "./ui/foot.js";
import { GoTo } from "./ui/go_to.js";
import { Menu } from "./ui/menu.js";
import { Narrator } from "./ui/narrator.js";
import { Panels } from "./ui/panels.js";
import { People } from "./ui/people.js";
import { PixelCard } from "./ui/pixel_card.js";
import { ReportForm } from "./ui/report_form.js";
import { Settings } from "./ui/settings.js";
import { copyLink } from "./ui/share.js";
import { StagedBar } from "./ui/staged_bar.js";
import { announce, toast } from "./ui/toasts.js";
import { ToolButtons } from "./ui/tool_buttons.js";

/**
 * @import { Scene } from "./draw/overlay.js"
 * @import { Extensions } from "./extensions.js"
 * @import { Language } from "./i18n/strings.js"
 * @import { Model } from "./model.js"
 * @import { Shell } from "./state/actions.js"
 */

/** @typedef {ReturnType<typeof createParts>} Parts */

const pictures = later(
  () => import("./ui/picture.js"),
  () => import("./ui/picture.js?again"),
);

/**
 * Build the parts of the page.
 * @param {Model} model
 * @param {object} wishes
 * @param {boolean} wishes.guestsAllowed whether guests may draw
 * @param {(nickname: string) => void} wishes.rename called when a guest chose a name
 * @param {(language: Language) => void} wishes.speak called when another language was
 *   chosen
 * @param {() => void} wishes.fit called when the foot of the window has another height
 * @param {Extensions} wishes.extensions features of other apps
 */
export function createParts(model, { guestsAllowed, rename, speak, fit, extensions }) {
  const { api, shown, viewport, tool, session, undo, staged } = model;
  const settings = new Settings();
  const pixelCard = new PixelCard(api, () => shown.colors);
  const reportForm = new ReportForm(api);
  const address = new Address(viewport, shown);
  const panels = new Panels(() => address.stay());
  const shell = createShell(model, { panels, pixelCard, reportForm, address, extensions });
  const actions = new Actions({ board: shown, viewport, tool, session, undo, staged, shell });
  const [canvas, overlay] = ["board", "overlay"].map((id) => byId(id, HTMLCanvasElement));
  return {
    extensions,
    settings,
    panels,
    address,
    actions,
    stage: byId("stage"),
    foot: new Foot(fit),
    renderer: new Renderer({
      canvas,
      overlay,
      board: shown,
      viewport,
      scene: () => sceneOf(model),
    }),
    minimap: createMinimap(model),
    dock: new Dock({ session, tool, actions, guestsAllowed }),
    stagedBar: new StagedBar({ staged, actions }),
    toolButtons: new ToolButtons({ undo, staged, tool, actions }),
    goTo: new GoTo({
      size: shown,
      go: (place) => {
        if (place.at) address.onMoment(place.at);
        return actions.goTo(place);
      },
      arrived: () => {
        panels.close();
        byId("stage").focus();
      },
    }),
    narrator: new Narrator(model),
    alerts: new Alerts(settings, session.cooldown),
    people: new People(session, rename),
    menu: new Menu({ settings, tool, actions, speak }),
  };
}

/** @param {Model} model */
function createMinimap({ shown: board, viewport }) {
  const box = byId("minimap");
  const frame = find(box, ".frame");
  const canvas = find(box, "canvas", HTMLCanvasElement);
  return new Minimap({ box, frame, canvas, board, viewport });
}

/**
 * Give the actions what they need of the page.
 * @param {Model} model
 * @param {object} parts
 * @param {Panels} parts.panels
 * @param {PixelCard} parts.pixelCard
 * @param {ReportForm} parts.reportForm
 * @param {Address} parts.address
 * @param {Extensions} parts.extensions
 * @returns {Shell}
 */
function createShell(
  { slug, api, shown, viewport },
  { panels, pixelCard, reportForm, address, extensions },
) {
  return {
    inspect: (cell) => {
      reportForm.about(cell);
      panels.open("pixel");
      pixelCard.show(cell, shown.get(cell.x, cell.y), shown.moment?.seq);
    },
    help: () => panels.help(),
    people: () => panels.toggle("people"),
    goTo: () => panels.toggle("goto"),
    extend: (name) => extensions.toggle(name),
    copyLink: () => copyLink(address.link()),
    saveView: async () => {
      const canvas = byId("board", HTMLCanvasElement);
      const region = regionSeen(viewport, shown, canvas.width / canvas.clientWidth);
      const fetched = () =>
        region ? api.picture(region, shown.moment?.seq) : Promise.reject(new Error("empty"));
      try {
        const { savePicture } = await pictures(browserTimers);
        await savePicture(canvas, fetched, `${slug}-view.png`);
      } catch {
        toast(t("picture_failed"), "problem");
      }
    },
    dismiss: () => panels.close(),
    announce,
    tell: (key, values) => toast(t(key, values), "info", key.split("_")[0]),
    count: (count) => t("staged", { count }),
    describe: ({ x, y }) => t("cell_words", { x, y, name: shown.colors.names[shown.get(x, y)] }),
  };
}

/**
 * Tell what lies over the board now.
 * @param {Model} model
 * @returns {Scene}
 */
function sceneOf({ shown, tool, session, staged, colors }) {
  const waiting = shown.live ? staged.waiting : [];
  return {
    staged: waiting.map(({ x, y, index }) => ({ x, y, color: colors.hexes[index] })),
    refused: shown.live ? staged.refused : [],
    grid: tool.grid,
    symbols: tool.symbols,
    color: tool.color === null ? null : colors.hexes[tool.color],
    cursor: tool.cursor,
    ghost: tool.cursor ? null : tool.hover,
    pending: shown.live ? [...session.placements.all()] : [],
  };
}

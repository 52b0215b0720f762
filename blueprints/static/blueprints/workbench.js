/** The workbench: panel and strip of the blueprints, and what the hand does with them. */

import { w } from "./i18n/words.js";
import { Incoming } from "./incoming.js";
import { totalOf } from "./model/total.js";
import { Sharing } from "./sharing.js";
import { translate } from "./ui/elements.js";
import { Mover } from "./ui/mover.js";
import { BlueprintsPanel } from "./ui/panel.js";
import { RegionChooser } from "./ui/region.js";
import { RegionForm } from "./ui/region_form.js";
import { StripBar } from "./ui/strip.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Desk } from "./desk.js"
 * @import { Imported } from "./files/importing.js"
 * @import { Look } from "./model/look.js"
 * @import { Shelf } from "./model/shelf.js"
 * @import { Club } from "./shared/club.js"
 * @import { Site } from "./shared/site.js"
 * @import { RowActs } from "./ui/row.js"
 * @import { Region } from "../canvas/lib/framing.js"
 */

const NARROW = "(max-width: 43.75em)";

export class Workbench {
  #host;
  #shelf;
  #desk;
  #panel;
  #strip;
  #mover;
  #chooser;
  #incoming;
  #regionForm;
  #sharing;

  /**
   * @param {Host} host
   * @param {{shelf: Shelf, look: Look, desk: Desk, club: Club, site: Site,
   *   next: (random: boolean) => void}} parts
   */
  constructor(host, { shelf, look, desk, club, site, next }) {
    this.#host = host;
    this.#shelf = shelf;
    this.#desk = desk;
    const { stage, viewport, board, panels, colors, session: rules } = host;
    this.#mover = new Mover({
      ...{ shelf, viewport, stage, board },
      changed: () => this.showStrip(),
      stepped: () => host.announce(this.#task() ?? ""),
    });
    this.#chooser = new RegionChooser({
      ...{ viewport, stage, board },
      say: ({ x, y, width, height }) => {
        host.announce(w("region_framed", { place: `${x}, ${y}`, width, height }));
      },
    });
    const left = () => this.#leave();
    this.#incoming = new Incoming(host, {
      opened: () => this.#use(),
      left,
      made: (converted, item) => this.#laid(desk.lay(converted, item), true),
    });
    this.#regionForm = new RegionForm({ take: (region) => this.#takeRegion(region), left });
    const opened = () => this.#use();
    this.#sharing = new Sharing(host, { shelf, club, site }, { opened, left });
    const elements = [...this.#incoming.elements, ...this.#sharing.elements];
    const forms = [...elements, this.#regionForm.element];
    this.#panel = new BlueprintsPanel(
      { shelf, look, colors, rules, forms },
      {
        choosePicture: () => this.#incoming.choose(),
        chooseRegion: () => this.#chooseRegion(),
        openMine: () => this.#sharing.openMine(),
        next,
        ofRow: (id) => this.#rowActs(id),
      },
    );
    const open = () => panels.toggle("blueprints");
    this.#strip = new StripBar({ open, next: () => next(false), done: () => this.#done() });
    document.body.append(this.#panel.element);
  }

  /** Say all anew, in another language. */
  translate() {
    translate(this.#strip.element);
    this.#panel.translate();
    this.#incoming.translate();
    this.showStrip();
  }

  showList() {
    this.#panel.showList();
    this.showStrip();
  }

  showCounts() {
    this.#panel.showCounts();
    this.showStrip();
  }

  showLook() {
    this.#panel.showLook();
  }

  showStrip() {
    this.#strip.show({ task: this.#task(), tally: totalOf(this.#shelf.all) });
  }

  /** @param {Imported} imported what was read elsewhere, from a link for example */
  take(imported) {
    this.#incoming.take(imported);
  }

  /** @param {File} file that was dropped or pasted */
  read(file) {
    this.#incoming.read(file);
  }

  #chooseRegion() {
    const { centre } = this.#host.viewport;
    if (window.matchMedia(NARROW).matches) this.#host.panels.close();
    else {
      this.#use();
      this.#regionForm.open({ ...centre, width: 32, height: 32 });
    }
    this.#chooser.begin((region) => this.#takeRegion(region));
    this.showStrip();
  }

  /** @param {Region} region */
  #takeRegion(region) {
    this.#laid(this.#desk.takeRegion(region), false);
  }

  /**
   * @param {string | null} id of what was laid; null where that failed
   * @param {boolean} moves whether the person moves it now
   */
  #laid(id, moves) {
    this.#leave();
    if (id === null) return;
    const title = this.#shelf.find(id)?.title || w("untitled");
    this.#host.announce(w("laid", { title }));
    if (!moves) return;
    this.#host.panels.close();
    this.#mover.begin(id);
    this.#desk.show(id); // beside the strip, which says what to do
  }

  /** Open the panel for a form, which takes the place of the list. */
  #use() {
    this.#closeForms();
    this.#panel.showMain(false);
    if (this.#host.panels.current !== "blueprints") this.#host.panels.open("blueprints");
  }

  /** Go back from a form to the list. */
  #leave() {
    this.#closeForms();
    this.#panel.showMain(true);
    this.showStrip();
  }

  #closeForms() {
    this.#incoming.close();
    this.#sharing.close();
    this.#regionForm.close();
    this.#chooser.end();
  }

  /** Moving, or choosing, is over. */
  #done() {
    this.#mover.end();
    this.#leave();
    this.#host.stage.focus({ preventScroll: true });
  }

  /**
   * @param {string} id
   * @returns {RowActs}
   */
  #rowActs(id) {
    const desk = this.#desk;
    return {
      turn: (on) => this.#shelf.change(id, { on }),
      place: (place) => desk.place(id, place),
      go: () => this.#go(id),
      move: () => {
        this.#host.panels.close();
        this.#mover.begin(id);
      },
      reorder: (by) => this.#shelf.reorder(id, by),
      savePicture: () => desk.savePicture(id),
      copyLink: () => desk.copyPxls(id),
      remove: () => this.#remove(id),
      shared: this.#sharing.actsOf(id),
    };
  }

  /**
   * Show one; where the panel would cover it, it is closed.
   * @param {string} id
   */
  #go(id) {
    if (window.matchMedia(NARROW).matches) this.#host.panels.close();
    this.#desk.show(id);
  }

  /** @param {string} id */
  #remove(id) {
    const title = this.#shelf.find(id)?.title || w("untitled");
    if (!window.confirm(w("remove_sure", { title }))) return;
    if (this.#mover.id === id) this.#mover.end();
    this.#shelf.remove(id);
  }

  /** The task of the hand in words; null for nothing of ours. */
  #task() {
    const { id } = this.#mover;
    const blueprint = id === null ? undefined : this.#shelf.find(id);
    if (blueprint) return w("moving", { place: `${blueprint.x}, ${blueprint.y}` });
    return this.#chooser.waiting ? w("choosing") : null;
  }
}

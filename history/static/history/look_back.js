/** Looking back: the bar, the player and the board of the past, together on the page. */

import { SidePanel } from "./side_panel.js";
import { formatMoment, parseMoment, wholeSecond, within } from "./time/moments.js";
import { Player } from "./time/player.js";
import { listenToKeys } from "./ui/keys.js";
import { Narrator } from "./ui/narrator.js";
import { TimeBar } from "./ui/time_bar.js";

/**
 * @import { Host } from "../canvas/extensions.js"
 * @import { Frame, Wish } from "./board/past_reader.js"
 * @import { Past } from "./past.js"
 * @import { Words } from "./i18n/words.js"
 */

const MARKS_MS = 2_000; // how often marks are drawn anew while segments come
const KNOWN = /** @type {const} */ (["lost", "busy", "damaged"]);

export class LookBack {
  #host;
  #words;
  #past;
  #bar;
  #player;
  #narrator;
  #extras;
  #open = false;
  /** The moment that is wanted, in ms since 1970. */
  #ms = 0;
  #window = Number.POSITIVE_INFINITY;
  /** The timer until marks are drawn anew, 0 for none. */
  #marking = 0;

  /**
   * @param {Host} host
   * @param {Words} words
   * @param {Past} past
   * @param {() => Worker} newWorker
   */
  constructor(host, words, past, newWorker) {
    this.#host = host;
    this.#words = words;
    this.#past = past;
    this.#narrator = new Narrator(host, words);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.#player = new Player(() => calm.matches);
    this.#bar = new TimeBar(words, {
      go: (ms) => this.#go(wholeSecond(ms)),
      play: (direction) => this.#play(direction),
      speed: (speed) => {
        this.#player.choose(speed);
        this.#show();
      },
      span: (ms) => this.#zoom(ms),
      now: () => this.close(),
      link: () => host.actions.copyLink(),
      more: () => this.#extras.toggle(),
    });
    listenToKeys(this.#bar.element, this.#bar.track.element, {
      step: (wish) => this.#step(wish),
      begin: () => this.#go(this.#past.range.from),
      end: () => this.#go(this.#past.range.to),
      play: () => this.#play(this.#player.direction || 1),
      faster: (step) => {
        this.#player.change(step);
        this.#show();
      },
      now: () => this.close(),
    });
    this.#extras = new SidePanel({
      host,
      words,
      past,
      newWorker,
      button: this.#bar.more,
      again: () => this.#past.want({ ms: this.#ms }),
    });
    past.on("look", (frame) => this.#look(frame));
    past.on("moved", (frame) => this.#moved(frame));
    past.on("failed", (code) => this.#failed(code));
  }

  toggle() {
    return this.#open ? this.close() : this.#begin(null);
  }

  /**
   * Show the moment of a link: for one that is known the server is asked nothing.
   * @param {string} at as it is written
   */
  follow(at) {
    const ms = parseMoment(at);
    if (ms === null) this.#host.toast(this.#words.t("no_moment", { text: at }), "problem");
    else if (this.#open && !within(ms, this.#past.range).beyond) this.#go(ms);
    else this.#begin(ms);
  }

  async translate() {
    await this.#words.speak(this.#host.spokenNow().code);
    this.#bar.translate();
    this.#extras.translate();
    this.#show();
  }

  /** Go back to now: the live board, and the dock to draw. */
  close() {
    if (!this.#open) return;
    const { shown, tool, foot, stage, announce, address } = this.#host;
    this.#open = false;
    this.#player.stop();
    this.#extras.close();
    shown.showLive();
    tool.resume();
    foot.showDock();
    stage.focus();
    address.note();
    announce(this.#words.t("now"));
  }

  /** @param {number | null} ms since 1970; null: the newest moment */
  async #begin(ms) {
    try {
      if (this.#past.extent.lastSeq) await this.#past.refresh();
      else await this.#past.open(this.#host.slug);
    } catch (error) {
      return this.#failed(/** @type {Error} */ (error).message);
    }
    if (!this.#past.extent.lastSeq) return this.#host.toast(this.#words.t("empty"));
    const { ms: moment, beyond } = within(ms ?? this.#past.range.to, this.#past.range);
    if (beyond) this.#host.toast(this.#words.t(beyond === "before" ? "too_early" : "too_late"));
    this.#past.startOver();
    this.#go(moment);
    if (!this.#open) this.#enter();
    this.#zoom(this.#window);
  }

  #enter() {
    const { tool, foot, panels } = this.#host;
    panels.close();
    this.#open = true;
    this.#player.suit(this.#past.range);
    this.#narrator.begin();
    tool.rest();
    foot.show(this.#bar.element);
    this.#bar.track.element.focus();
  }

  /** @param {number} ms since 1970 */
  #go(ms) {
    this.#ms = within(Math.round(ms), this.#past.range).ms;
    this.#past.want({ ms: this.#ms });
    this.#show();
  }

  /** @param {1 | -1} direction one that is at its end starts over at the other end of the bar */
  #play(direction) {
    if (this.#player.direction === direction) this.#player.stop();
    else {
      const { from, to } = this.#bar.track.span;
      if (this.#ms === this.#end(direction)) this.#go(direction > 0 ? from : to);
      this.#player.start(direction, performance.now());
      requestAnimationFrame((now) => this.#tick(now));
    }
    this.#show();
  }

  /** @param {number} now */
  #tick(now) {
    const { playing, direction } = this.#player;
    if (!playing || !this.#open) return;
    const passed = this.#player.step(now);
    if (passed) this.#go(this.#ms + passed);
    const more = this.#ms !== this.#end(direction);
    if (more) return void requestAnimationFrame((next) => this.#tick(next));
    this.#player.stop();
    this.#host.announce(this.#words.t(direction > 0 ? "end" : "begin"));
    this.#show();
  }

  /** @param {number} direction */
  #end(direction) {
    return direction > 0 ? this.#past.range.to : this.#past.range.from;
  }

  /**
   * Let the track show so many ms around the moment.
   * @param {number} ms infinite: all
   */
  #zoom(ms) {
    const { from, to } = this.#past.range;
    this.#window = ms;
    const start = Math.max(from, Math.min(this.#ms - ms / 2, to - ms));
    this.#bar.track.span = ms < to - from ? { from: start, to: start + ms } : { from, to };
    this.#mark();
    this.#show();
  }

  async #mark() {
    const { span, bins } = this.#bar.track;
    window.clearTimeout(this.#marking);
    this.#marking = 0;
    this.#bar.track.mark(await this.#past.marks(span.from, span.to, bins));
  }

  #show() {
    const { frame, extent } = this.#past;
    const { speed, direction } = this.#player;
    const { from, to } = this.#bar.track.span;
    if (this.#open && (this.#ms < from || this.#ms > to) && to > from + 1) this.#zoom(this.#window);
    this.#bar.show({ ms: this.#ms, seq: frame?.seq ?? 0, total: extent.lastSeq, direction, speed });
  }

  /** @param {Frame} frame */
  #look({ palette }) {
    if (this.#open) this.#host.shown.show(this.#past.board, palette);
  }

  /** @param {Frame} frame */
  #moved(frame) {
    if (!this.#open) return;
    const { shown, renderer, minimap, address } = this.#host;
    if (shown.live) this.#look(frame);
    // A step by placements tells its moment only now.
    if (!this.#player.playing) this.#ms = frame.ms;
    shown.moment = { seq: frame.seq, at: formatMoment(frame.ms) };
    renderer.request("cells");
    minimap.request();
    address.note();
    this.#extras.suggest(this.#past.range.from, this.#ms);
    this.#show();
    this.#marking ||= window.setTimeout(() => this.#mark(), MARKS_MS);
    if (!this.#player.playing) this.#narrator.moved(frame);
  }

  /** @param {string} code */
  #failed(code) {
    const key = KNOWN.find((each) => each === code) ?? "broken";
    this.#player.stop();
    this.#host.toast(this.#words.t(key), "problem");
    this.#ms = this.#past.frame?.ms ?? this.#ms; // the board has stayed there
    this.#show();
  }

  /** @param {Wish} wish by so many ms or placements */
  #step(wish) {
    if ("ms" in wish) this.#go(this.#ms + wish.ms);
    else this.#past.want(wish);
  }
}

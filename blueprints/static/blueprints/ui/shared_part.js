/** The part of the list that tells of a shared blueprint, and offers what can be done with it. */

import { w } from "../i18n/words.js";
import { button, make, translate, worded } from "./elements.js";

/**
 * @import { Saved } from "../shared/saved.js"
 *
 * @typedef {object} SharedActs
 * @property {() => void} save
 * @property {() => void} copyPage copies the link that opens it
 * @property {() => void} versions lists the former ones
 * @property {() => void} copy makes one of one's own of it
 * @property {(complaint: {reason: string, text: string}) => void} report
 */

/** Ending and name of each format. */
const FILES = [
  ["png", "PNG"],
  ["json", "endu JSON"],
  ["wplace", ".wplace"],
];

export class SharedPart {
  element = make("div", { className: "bp-shared" });
  #about = make("p", { className: "quiet" });
  #description = make("p", { className: "bp-description" });
  #link = make("p", { className: "bp-link", dir: "ltr" });
  #files = make("p", { className: "bp-files", dir: "ltr" });
  #save;
  #copyPage;
  #copy;
  #versions;
  #report;

  /** @param {SharedActs} acts */
  constructor(acts) {
    this.#save = button("send", "save_site", acts.save);
    this.#copyPage = button("copy", "copy_page", acts.copyPage);
    this.#copy = button("done", "make_mine", acts.copy);
    this.#versions = button("past", "versions", acts.versions);
    this.#report = reportForm(acts.report);
    const buttons = make("div", { className: "bp-buttons" });
    buttons.append(this.#copyPage, this.#save, this.#copy, this.#versions);
    const texts = [this.#about, this.#description, this.#link];
    this.element.append(...texts, buttons, this.#files, this.#report);
  }

  /** @param {Saved | null} saved */
  show(saved) {
    const onSite = [this.#about, this.#copyPage, this.#versions, this.#files];
    for (const each of onSite) each.hidden = !saved;
    this.#showFiles(saved?.id ?? "");
    this.#save.hidden = saved !== null && !saved.mayEdit;
    this.#copy.hidden = saved === null || saved.mayEdit;
    this.#report.hidden = saved === null || saved.isMine;
    const { owner = "", version = 0, description = "", link = "" } = saved ?? {};
    this.#about.textContent = w("by", { owner: owner ?? "–", version });
    this.#description.textContent = description;
    this.#description.hidden = !description;
    this.#showLink(link);
  }

  /**
   * Offer the site's files of it, for programs and other tools.
   * @param {string} id
   */
  #showFiles(id) {
    if (this.#files.dataset.of === id) return;
    this.#files.dataset.of = id;
    this.#files.replaceChildren(
      ...FILES.map(([ending, text]) =>
        make("a", { href: `/t/${id}.${ending}`, download: "", text }),
      ),
    );
  }

  /** @param {string} link shown in full, so that a person knows where it leads before it opens */
  #showLink(link) {
    this.#link.hidden = !link;
    if (this.#link.textContent === link) return;
    const rel = "noopener noreferrer nofollow ugc";
    this.#link.replaceChildren(make("a", { href: link, target: "_blank", rel, text: link }));
  }
}

/** @param {SharedActs["report"]} report */
function reportForm(report) {
  const reason = make("select", { "data-w-label": "report" });
  const text = make("input", { type: "text", maxLength: 500, autocomplete: "off" });
  text.setAttribute("data-w-label", "report_text");
  const send = worded("button", "report_go", { type: "submit", className: "bp-button" });
  const form = make("form", { className: "bp-form", noValidate: true }, reason, text, send);
  const details = make("details", {}, worded("summary", "report"), form);
  translate(details);
  details.addEventListener("toggle", () => {
    // The page's own reasons, which it keeps in the language that is spoken.
    const known = document.getElementById("report-reason")?.cloneNode(true);
    if (details.open) reason.replaceChildren(...(known?.childNodes ?? []));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!reason.value) return reason.focus();
    details.open = false;
    report({ reason: reason.value, text: text.value });
    text.value = "";
  });
  return details;
}

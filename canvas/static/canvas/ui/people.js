/** How many are here, and who. Names are text, whatever they hold. */

import { byId, make } from "./dom.js";
import { t } from "../i18n/strings.js";

export class People {
  #session;
  #filter = "";

  /**
   * @param {import("../state/session.js").Session} session
   * @param {(nickname: string) => void} rename a guest chose a name
   */
  constructor(session, rename) {
    this.#session = session;
    byId("people-search").addEventListener("input", ({ target }) => {
      this.#filter = target.value.trim().toLowerCase();
      this.showList();
    });
    byId("nickname-form").addEventListener("submit", (event) => {
      event.preventDefault();
      rename(byId("nickname").value.trim());
    });
  }

  showCount() {
    const { count } = this.#session.people;
    byId("people-count").textContent = String(count);
    byId("people-button").setAttribute("aria-label", t("people_count", { count }));
    if (!byId("people-panel").hidden) this.showList();
  }

  showMe() {
    const { name, guest, nickname } = this.#session.me;
    byId("my-name").textContent = name;
    byId("nickname-form").hidden = !guest;
    byId("nickname").value = nickname;
    byId("nickname").placeholder = name;
  }

  showList() {
    const { names, total } = this.#session.people;
    const shown = names.filter((name) => name.toLowerCase().includes(this.#filter));
    const rows = shown.map((name) => this.#row(name));
    const hidden = total - names.length;
    if (hidden > 0 && !this.#filter) rows.push(make("li", { className: "quiet", text: t("people_more", { count: hidden }) }));
    if (!rows.length) rows.push(make("li", { className: "quiet", text: t("people_none") }));
    byId("people-list").replaceChildren(...rows);
  }

  #row(name) {
    const initial = make("span", { className: "avatar", text: [...name][0] ?? "?", "aria-hidden": "true" });
    initial.style.setProperty("--hue", String(hue(name)));
    const row = make("li", { className: "person" }, initial, make("bdi", { text: name }));
    if (name === this.#session.me.name) row.append(make("span", { className: "tag", text: t("you") }));
    return row;
  }
}

/** A colour that stays with a name. */
function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return sum;
}

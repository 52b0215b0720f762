/** The people that are here: their number and their names, shown as plain text. */

import { make } from "../dom/elements.js";
import { t } from "../i18n/strings.js";
import { cleanName } from "../lib/names.js";
import { byId } from "./dom.js";

/** @import { Session } from "../state/session.js" */

export class People {
  #session;
  #filter = "";
  #nickname = byId("nickname", HTMLInputElement);

  /**
   * @param {Session} session
   * @param {(nickname: string) => void} rename called when a guest chose a name
   */
  constructor(session, rename) {
    this.#session = session;
    const search = byId("people-search", HTMLInputElement);
    search.addEventListener("input", () => {
      this.#filter = search.value.trim().toLowerCase();
      this.showList();
    });
    byId("nickname-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = this.#nickname.value;
      const name = typed.trim() ? cleanName(typed) : "";
      this.#nickname.setCustomValidity(name === null ? t("nickname_refused") : "");
      if (this.#nickname.reportValidity()) rename(name ?? "");
    });
    this.#nickname.addEventListener("input", () => this.#nickname.setCustomValidity(""));
  }

  /** Show the number, and the list where it is open. */
  showCount() {
    const { count } = this.#session.people;
    byId("people-count").textContent = String(count);
    byId("people-button").setAttribute("aria-label", t("people_count", { count }));
    if (!byId("people-panel").hidden) this.showList();
  }

  /** Show the person's own name, and the way to log in or to the account. */
  showMe() {
    const { name, guest, nickname } = this.#session.me;
    byId("my-name").textContent = name;
    byId("nickname-form").hidden = !guest;
    for (const link of document.querySelectorAll("a[data-who]")) {
      const anchor = /** @type {HTMLAnchorElement} */ (link);
      anchor.hidden = (anchor.dataset.who === "guest") !== guest;
    }
    this.#nickname.value = nickname;
    this.#nickname.placeholder = name;
  }

  /** Show the names that match the search. */
  showList() {
    const { names, total } = this.#session.people;
    const more = this.#session.morePeople;
    const shown = names.filter((name) => name.toLowerCase().includes(this.#filter));
    const me = shown.indexOf(this.#session.me.name); // one row, even if others have the name
    const rows = shown.map((name, index) => this.#row(name, index === me));
    const hidden = total - names.length;
    if (hidden > 0 && !this.#filter) rows.push(more ? this.#more(hidden) : quiet(rest(hidden)));
    if (!rows.length) rows.push(quiet(t("people_none")));
    byId("people-list").replaceChildren(...rows);
  }

  /**
   * Make the row that asks for those who are not listed.
   * @param {number} hidden
   */
  #more(hidden) {
    const button = make("button", { type: "button", text: rest(hidden) });
    button.addEventListener("click", () => {
      this.#session.askForPeople(this.#session.people.names.length);
    });
    return make("li", { className: "quiet" }, button);
  }

  /**
   * @param {string} name
   * @param {boolean} isMe
   */
  #row(name, isMe) {
    const text = [...name][0] ?? "?";
    const initial = make("span", { className: "avatar", text, "aria-hidden": "true" });
    initial.style.setProperty("--hue", String(hue(name)));
    const row = make("li", { className: "person" }, initial, make("bdi", { text: name }));
    if (isMe) row.append(make("span", { className: "tag", text: t("you") }));
    return row;
  }
}

/** @param {string} text */
function quiet(text) {
  return make("li", { className: "quiet", text });
}

/** @param {number} count */
function rest(count) {
  return t("people_more", { count });
}

/**
 * Return a hue that stays with a name, in degrees.
 * @param {string} name
 */
function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + Number(letter.codePointAt(0))) % 360;
  return sum;
}

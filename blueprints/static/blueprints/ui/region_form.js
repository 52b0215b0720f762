/** A region of the board by numbers, for those that do not drag. */

import { button, make, numberField, worded } from "./elements.js";

/** @import { Region } from "../../canvas/lib/framing.js" */

const FIELDS = /** @type {const} */ (["x", "y", "width", "height"]);
const KEYS = /** @type {const} */ ({ x: "column", y: "row", width: "width", height: "height" });

export class RegionForm {
  element = make("form", { className: "bp-form", hidden: true, noValidate: true });
  /** @type {Record<keyof Region, HTMLInputElement>} */
  #inputs;

  /** @param {{take: (region: Region) => void, left: () => void}} acts */
  constructor({ take, left }) {
    const fields = FIELDS.map((name) => {
      const least = name === "x" || name === "y" ? 0 : 1;
      return numberField(KEYS[name], { min: least, max: 65_535 }, () => {});
    });
    const inputs = FIELDS.map((name, at) => [name, fields[at].input]);
    this.#inputs = Object.fromEntries(inputs);
    const places = make("div", { className: "bp-place" }, ...fields.map(({ element }) => element));
    const cancel = button("close", "cancel", left);
    const submit = worded("button", "region_take", { type: "submit", className: "primary" });
    const ends = make("div", { className: "bp-buttons bp-ends" }, cancel, submit);
    this.element.append(worded("p", "region_hint"), places, ends);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const invalid = FIELDS.find((name) => !this.#inputs[name].checkValidity());
      if (invalid) return this.#inputs[invalid].focus();
      const values = FIELDS.map((name) => [name, Number(this.#inputs[name].value)]);
      take(Object.fromEntries(values));
    });
  }

  /** @param {Region} region to begin with */
  open(region) {
    for (const name of FIELDS) this.#inputs[name].value = String(region[name]);
    this.element.hidden = false;
  }

  close() {
    this.element.hidden = true;
  }
}

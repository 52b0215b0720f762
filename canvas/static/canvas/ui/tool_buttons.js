/** The buttons of the tool: what a drag or a tap does, and what can be taken back. */

import { byId } from "./dom.js";

/**
 * @import { Actions } from "../state/actions.js"
 * @import { Staged } from "../state/staged.js"
 * @import { Tool } from "../state/tool.js"
 * @import { Undo } from "../state/undo.js"
 */

const MODES = /** @type {const} */ (["stroke", "quick"]);

export class ToolButtons {
  #parts;

  /** @param {{undo: Undo, staged: Staged, tool: Tool, actions: Actions}} parts */
  constructor({ actions, ...parts }) {
    this.#parts = parts;
    byId("undo").addEventListener("click", () => actions.undo());
    for (const mode of MODES) byId(mode).addEventListener("click", () => actions.toggle(mode));
  }

  /** Show what can be done now. A button that is greyed keeps the focus, and says why. */
  show() {
    const { undo, staged, tool } = this.#parts;
    const possible = undo.possible || (staged.waiting.length > 0 && !staged.going);
    byId("undo").setAttribute("aria-disabled", String(!possible));
    for (const mode of MODES) byId(mode).setAttribute("aria-pressed", String(tool[mode]));
  }
}

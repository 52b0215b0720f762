/** The browser's back: on a phone it closes what is open over the board, before it leaves. */

export class Back {
  #close;
  #stay;
  #open = false;
  /** True while the entry of what was closed is on its way out. */
  #leaving = false;

  /**
   * @param {() => void} close closes what is open
   * @param {() => void} stay keeps the place: the address of the entry before is an older one
   */
  constructor(close, stay) {
    this.#close = close;
    this.#stay = stay;
    // After a reload nothing is open.
    if (history.state?.open) history.replaceState(null, "");
    window.addEventListener("popstate", () => this.#went());
  }

  /** Note that something is open: it gets an entry of the history to go back from. */
  opened() {
    if (!this.#open && !this.#leaving) push();
    this.#open = true;
  }

  /** Note that nothing is open any more. */
  closed() {
    if (!this.#open) return;
    this.#open = false;
    if (this.#leaving || !history.state?.open) return;
    this.#leaving = true;
    history.back();
  }

  #went() {
    if (this.#leaving) {
      this.#leaving = false;
      this.#stay();
      // Something else was opened meanwhile.
      if (this.#open) push();
    } else if (this.#open && history.state?.below) {
      // A link to a place that is followed makes an entry of its own, which has no mark.
      this.#open = false;
      this.#stay();
      this.#close();
    }
  }
}

/** Make an entry to go back from, and mark the one below, which the browser's back leads to. */
function push() {
  history.replaceState({ below: true }, "");
  history.pushState({ open: true }, "");
}

/** Notices a connection that died without a word (sleep, a lost network, a dead gateway). */

const QUIET_MS = 25_000;
const PATIENCE_MS = 5_000;

export class Pulse {
  #alarms;
  #probe;
  #dead;
  /** True while any answer, even an error, is only a sign of life. */
  probing = false;

  /**
   * @param {import("./alarms.js").Alarms} alarms
   * @param {() => void} probe sends something that the server answers
   * @param {() => void} dead called when no answer came
   */
  constructor(alarms, probe, dead) {
    this.#alarms = alarms;
    this.#probe = probe;
    this.#dead = dead;
  }

  /** Anything came in. */
  beat() {
    this.probing = false;
    this.#alarms.set("pulse", QUIET_MS, () => this.check());
  }

  /** Asks for a sign of life now. */
  check() {
    if (this.probing) return;
    this.probing = true;
    this.#alarms.set("pulse", PATIENCE_MS, () => {
      this.probing = false;
      this.#dead();
    });
    this.#probe();
  }

  stop() {
    this.probing = false;
    this.#alarms.clear("pulse");
  }
}

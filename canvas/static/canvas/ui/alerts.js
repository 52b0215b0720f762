/** Tells when the next pixel may be drawn to someone who looks elsewhere. */

import { t } from "../i18n/strings.js";

const TICK_MS = 1_000;

export class Alerts {
  #settings;
  #cooldown;
  #title = document.title;
  #timer = null;

  /** @param {object} settings @param {import("../state/cooldown.js").Cooldown} cooldown */
  constructor(settings, cooldown) {
    this.#settings = settings;
    this.#cooldown = cooldown;
    document.addEventListener("visibilitychange", () => this.showTitle());
  }

  /** The countdown, then a dot, in the tab of a page that is not looked at. */
  showTitle(ready = false) {
    clearTimeout(this.#timer);
    const seconds = Math.ceil(this.#cooldown.remaining / 1000);
    const title = this.#title;
    if (!document.hidden) document.title = title;
    else if (seconds > 0) document.title = t("title_wait", { seconds, title });
    else if (ready) document.title = t("title_ready", { title });
    if (document.hidden && seconds > 0) this.#timer = setTimeout(() => this.showTitle(), TICK_MS);
  }

  ready() {
    this.showTitle(true);
    if (this.#settings.get("sound")) chime();
    if (this.#settings.get("notify") && document.hidden) notify();
  }

  /** @returns {Promise<boolean>} whether the browser allows notifications */
  static async askToNotify() {
    if (!("Notification" in window)) return false;
    return (await Notification.requestPermission()) === "granted";
  }
}

function notify() {
  if ("Notification" in window && Notification.permission === "granted") {
    new Notification(document.title, { body: t("notify_ready"), tag: "ready" });
  }
}

/** Two short soft tones; made here, so no sound file is fetched. */
function chime() {
  const audio = new AudioContext();
  for (const [frequency, at] of [[660, 0], [880, 0.12]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.08, audio.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.3);
  }
  setTimeout(() => audio.close(), 1000);
}

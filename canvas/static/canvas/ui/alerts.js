/** Alerts for a person that looks elsewhere: the next pixel may be drawn. */

import { t } from "../i18n/strings.js";

/**
 * @import { Cooldown } from "../state/cooldown.js"
 * @import { Settings } from "./settings.js"
 */

const TICK_MS = 1_000;

// Two short soft tones, made here, so that no sound file is fetched: Hz, and seconds from now.
const TONES = [
  [660, 0],
  [880, 0.12],
];

export class Alerts {
  #settings;
  #cooldown;
  #title = document.title;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {Settings} settings
   * @param {Cooldown} cooldown
   */
  constructor(settings, cooldown) {
    this.#settings = settings;
    this.#cooldown = cooldown;
    document.addEventListener("visibilitychange", () => this.showTitle());
  }

  /**
   * Show the countdown, then a dot, in the tab of a page that is hidden.
   * @param {boolean} [ready] whether the cooldown has just ended
   */
  showTitle(ready = false) {
    window.clearTimeout(this.#timer);
    const seconds = Math.ceil(this.#cooldown.remaining / 1000);
    const title = this.#title;
    if (!document.hidden) document.title = title;
    else if (seconds > 0) document.title = t("title_wait", { seconds, title });
    else if (ready) document.title = t("title_ready", { title });
    if (document.hidden && seconds > 0) {
      this.#timer = window.setTimeout(() => this.showTitle(), TICK_MS);
    }
  }

  /** Alert by the means that the person chose. */
  ready() {
    this.showTitle(true);
    if (this.#settings.get("sound")) this.#try("sound", chime);
    if (this.#settings.get("notify") && document.hidden) {
      this.#try("notify", () => notify(t("notify_ready")));
    }
  }

  /**
   * Alert; what does not work any more is switched off, so that nobody waits for it.
   * @param {"sound" | "notify"} name
   * @param {() => void | Promise<void>} alert
   */
  async #try(name, alert) {
    try {
      await alert();
    } catch {
      this.#settings.set(name, false);
    }
  }
}

/**
 * Ask the browser for leave to notify, and try: some have the means and refuse each use.
 * @returns {Promise<boolean>} whether it works
 */
export async function askToNotify() {
  try {
    if ((await Notification.requestPermission()) !== "granted") return false;
    await notify(t("notify_on"));
    return true;
  } catch {
    return false;
  }
}

/** Tell whether the browser still gives leave to notify. */
export function mayNotify() {
  return "Notification" in window && Notification.permission === "granted";
}

/**
 * Try to play the sound.
 * @returns {boolean} whether it works
 */
export function tryToPlay() {
  try {
    chime();
    return true;
  } catch {
    return false;
  }
}

/**
 * Notify; on Android only a service worker may.
 * @param {string} body
 */
async function notify(body) {
  const options = { body, tag: "ready" };
  try {
    new Notification(document.title, options);
  } catch (error) {
    const registration = await navigator.serviceWorker?.getRegistration();
    if (!registration?.active) throw error;
    await registration.showNotification(document.title, options);
  }
}

function chime() {
  const audio = new AudioContext();
  for (const [frequency, at] of TONES) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.08, audio.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.3);
  }
  window.setTimeout(() => audio.close(), 1000);
}

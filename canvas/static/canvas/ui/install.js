/** The site as an app: its service worker, and the button that installs it. */

import { byId } from "./dom.js";

/**
 * The browser's own offer to install, which not every browser makes.
 * @typedef {Event & {prompt: () => Promise<unknown>}} Offer
 */

const WORKER = "/service-worker.js";

/** Keep the shell for times without a network, and show the button where the browser installs. */
export function becomeApp() {
  // Without https there is none, and a browser may refuse: the page does without.
  navigator.serviceWorker?.register(WORKER).catch(() => {});
  const button = byId("install");
  /** @type {Offer | null} */
  let offer = null;
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = /** @type {Offer} */ (event);
    button.hidden = false;
  });
  window.addEventListener("appinstalled", () => {
    button.hidden = true;
  });
  button.addEventListener("click", () => {
    offer?.prompt();
    button.hidden = true;
  });
}

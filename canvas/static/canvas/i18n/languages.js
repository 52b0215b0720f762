/** The languages that the page speaks. To add one: its file, and a line here. */

import * as en from "./en.js";

/**
 * A language by its name for itself. Its words are fetched when it is spoken; English is there at
 * once, for the time until then.
 */
export const LANGUAGES = {
  en: { name: "English", dir: "ltr", load: () => Promise.resolve(en) },
  de: { name: "Deutsch", dir: "ltr", load: () => import("./de.js") },
  es: { name: "Español", dir: "ltr", load: () => import("./es.js") },
  fr: { name: "Français", dir: "ltr", load: () => import("./fr.js") },
  pt: { name: "Português", dir: "ltr", load: () => import("./pt.js") },
  uk: { name: "Українська", dir: "ltr", load: () => import("./uk.js") },
  ja: { name: "日本語", dir: "ltr", load: () => import("./ja.js") },
  ar: { name: "العربية", dir: "rtl", load: () => import("./ar.js") },
};

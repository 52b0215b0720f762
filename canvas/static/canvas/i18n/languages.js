/** The languages that the page speaks. To add one: its file, and a line here. */

import { later } from "../lib/late.js";
import * as en from "./en.js";

/**
 * A language by its name for itself. Its words are fetched when it is spoken; English is there at
 * once, for the time until then.
 */
export const LANGUAGES = {
  en: { name: "English", dir: "ltr", load: () => Promise.resolve(en) },
  de: {
    name: "Deutsch",
    dir: "ltr",
    load: later(
      () => import("./de.js"),
      () => import("./de.js?again"),
    ),
  },
  es: {
    name: "Español",
    dir: "ltr",
    load: later(
      () => import("./es.js"),
      () => import("./es.js?again"),
    ),
  },
  fr: {
    name: "Français",
    dir: "ltr",
    load: later(
      () => import("./fr.js"),
      () => import("./fr.js?again"),
    ),
  },
  pt: {
    name: "Português",
    dir: "ltr",
    load: later(
      () => import("./pt.js"),
      () => import("./pt.js?again"),
    ),
  },
  uk: {
    name: "Українська",
    dir: "ltr",
    load: later(
      () => import("./uk.js"),
      () => import("./uk.js?again"),
    ),
  },
  ja: {
    name: "日本語",
    dir: "ltr",
    load: later(
      () => import("./ja.js"),
      () => import("./ja.js?again"),
    ),
  },
  ar: {
    name: "العربية",
    dir: "rtl",
    load: later(
      () => import("./ar.js"),
      () => import("./ar.js?again"),
    ),
  },
};

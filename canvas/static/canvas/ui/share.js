/** Links to take along. */

import { t } from "../i18n/strings.js";
import { toast } from "./toasts.js";

/**
 * Copy a link to the clipboard.
 * @param {string} link
 */
export async function copyLink(link) {
  try {
    await navigator.clipboard.writeText(link);
    toast(t("link_copied"));
  } catch {
    toast(t("link_failed"), "problem");
  }
}

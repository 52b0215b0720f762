/** Links and pictures to take along. */

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

/**
 * Save the part of the board that is seen.
 * @param {HTMLCanvasElement} canvas
 * @param {string} name of the file
 */
export function savePicture(canvas, name) {
  canvas.toBlob((blob) => {
    if (!blob) return toast(t("picture_failed"), "problem");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png");
}

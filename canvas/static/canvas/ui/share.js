/** Taking something away: a link to the place, a picture of the view. */

import { toast } from "./toasts.js";
import { t } from "../i18n/strings.js";

/** @param {string} link */
export async function copyLink(link) {
  try {
    await navigator.clipboard.writeText(link);
    toast(t("link_copied"));
  } catch {
    toast(t("link_failed"), "problem");
  }
}

/** @param {HTMLCanvasElement} canvas what is seen of the board @param {string} name of the file */
export function savePicture(canvas, name) {
  canvas.toBlob((blob) => {
    if (!blob) return toast(t("picture_failed"), "problem");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png");
}

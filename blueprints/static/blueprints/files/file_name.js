/** The name of the file that a blueprint is saved in. */

/**
 * Return a name that every system takes, with the place in it.
 * @param {{title: string, x: number, y: number}} blueprint
 */
export function fileNameOf({ title, x, y }) {
  const plain = title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  return `${plain || "blueprint"}_${x}_${y}.png`;
}

/** OKLab: a colour space in which distances are as the eye sees them. */

/** @typedef {[l: number, a: number, b: number]} Lab */

/** Light by 8-bit value of sRGB, from 0 to 1. */
export const LINEAR = Float64Array.from({ length: 256 }, (_, value) => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
});

/**
 * Return a colour in OKLab.
 * @param {number} red from 0 to 255
 * @param {number} green
 * @param {number} blue
 * @returns {Lab}
 */
export function oklab(red, green, blue) {
  const [r, g, b] = [LINEAR[red], LINEAR[green], LINEAR[blue]];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const STEPS = 4_096;

/** The 8-bit value by light, in steps: a power for each pixel would take long. */
const GAMMA = Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
  const light = step / STEPS;
  const part = light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(part * 255);
});

/**
 * Return the 8-bit value of sRGB for a light, one off at most.
 * @param {number} light from 0 to 1
 */
export function gamma(light) {
  return GAMMA[Math.min(STEPS, Math.round(light * STEPS))];
}

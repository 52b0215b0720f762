/** The languages that the page speaks. To add one: its file, and a line here. */

export * as de from "./de.js";
export * as en from "./en.js";

/**
 * The meaning of a key: what is printed on it. Where that is no Latin letter (Cyrillic, Greek, an
 * input method), letters go by position.
 */

/** @typedef {{code: string, key: string, shiftKey: boolean}} Key of a keyboard event */

// Keys whose name says nothing of what they are for.
const UNNAMED = ["Dead", "Process", "Unidentified", "Compose", "AltGraph"];
const SIGNS = "?+-=";

/**
 * Return a name of several letters (`ArrowLeft`, `Enter`, `Space`), a sign, or a small letter; an
 * empty text for what has no meaning here.
 * @param {Key} key
 * @returns {string}
 */
export function meaningOf({ code, key }) {
  if (key === " ") return "Space";
  if (key.length > 1 && !UNNAMED.includes(key)) return key;
  if (SIGNS.includes(key) || /^[a-z]$/i.test(key)) return key.toLowerCase();
  return /^Key[A-Z]$/.test(code) ? code.slice(-1).toLowerCase() : "";
}

/** The digits of a keyboard, which choose colours. */
export class Digits {
  /** True where digits are printed above other signs, and need shift (AZERTY). */
  #above = false;
  /** The digit above another sign that was pressed last, and whether it went ten further. */
  #last = "";
  #far = false;

  /**
   * Return the place in the palette that a digit stands for, with shift ten further; null for
   * others. Where digits need shift, the sign below chooses the same unless it has a meaning, and
   * the digit pressed again goes ten further.
   * @param {Key} pressed
   * @returns {number | null}
   */
  placeOf(pressed) {
    const { code, key, shiftKey } = pressed;
    const printed = /^[0-9]$/.test(key);
    const isDigit = /^Digit[0-9]$/.test(code);
    if (isDigit && !shiftKey) this.#above = !printed;
    if (!printed && (!isDigit || meaningOf(pressed))) return null;
    const place = (Number(printed ? key : code.at(-1)) + 9) % 10;
    if (!(shiftKey && printed && this.#above)) {
      this.#last = "";
      return shiftKey ? place + 10 : place;
    }
    this.#far = this.#last === code && !this.#far;
    this.#last = code;
    return this.#far ? place + 10 : place;
  }
}

import assert from "node:assert/strict";
import { test } from "node:test";

import { Digits, meaningOf } from "../../../canvas/static/canvas/lib/keys.js";

/**
 * @param {string} code
 * @param {string} key
 * @param {boolean} [shiftKey]
 */
const pressed = (code, key, shiftKey = false) => ({ code, key, shiftKey });

for (const [layout, code, key, meaning] of [
  ["QWERTY", "KeyA", "a", "a"],
  ["QWERTY with caps lock", "KeyA", "A", "a"],
  ["AZERTY", "KeyQ", "a", "a"],
  ["AZERTY", "Digit6", "-", "-"],
  ["AZERTY", "KeyM", ",", "m"],
  ["Dvorak", "KeyP", "l", "l"],
  ["QWERTZ", "Slash", "-", "-"],
  ["Cyrillic", "KeyG", "п", "g"],
  ["Greek", "KeyL", "λ", "l"],
  ["Turkish", "KeyI", "ı", "i"],
  ["an input method", "KeyF", "Process", "f"],
  ["a dead key", "BracketLeft", "Dead", ""],
  ["the numpad without NumLock", "Numpad4", "ArrowLeft", "ArrowLeft"],
  ["the numpad without NumLock", "Numpad7", "Home", "Home"],
  ["the numpad", "NumpadEnter", "Enter", "Enter"],
  ["the numpad", "NumpadSubtract", "-", "-"],
  ["the space bar", "Space", " ", "Space"],
  ["a function key", "F5", "F5", "F5"],
]) {
  test(`${layout}: ${code} with ${key} on it means ${meaning || "nothing"}`, () => {
    assert.equal(meaningOf(pressed(code, key)), meaning);
  });
}

const digits = new Digits();

for (const [layout, code, key, shift, place] of /** @type {const} */ ([
  ["QWERTY", "Digit1", "1", false, 0],
  ["QWERTY", "Digit0", "0", false, 9],
  ["QWERTY with shift", "Digit2", "@", true, 11],
  ["AZERTY", "Digit1", "&", false, 0],
  ["AZERTY with shift", "Digit6", "6", true, 5],
  ["AZERTY with shift, again", "Digit6", "6", true, 15],
  ["AZERTY with shift, once more", "Digit6", "6", true, 5],
  ["AZERTY with shift, another", "Digit0", "0", true, 9],
  ["AZERTY with shift, that again", "Digit0", "0", true, 19],
  ["AZERTY", "Digit6", "-", false, null],
  ["AZERTY with shift, after another key", "Digit6", "6", true, 5],
  ["AZERTY", "Digit9", "ç", false, 8],
  ["AZERTY with shift, after another digit", "Digit6", "6", true, 5],
  ["QWERTY once more", "Digit3", "3", false, 2],
  ["a keyboard that types digits with shift too", "Digit3", "3", true, 12],
  ["the numpad", "Numpad5", "5", false, 4],
  ["the numpad without NumLock", "Numpad5", "Clear", false, null],
  ["the numpad without NumLock", "Numpad4", "ArrowLeft", false, null],
  ["a letter", "KeyA", "a", false, null],
])) {
  test(`${layout}: ${code} with ${key} on it chooses ${place ?? "no colour"}`, () => {
    assert.equal(digits.placeOf(pressed(code, key, shift)), place);
  });
}

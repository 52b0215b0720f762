/** Names of people as they are typed: the rule by which the server takes them, too. */

const MOST_CHARACTERS = 32;
const MOST_MARKS = 4; // on one letter
const JOINER = /[\u200C\u200D]/u;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const STYLE = /[\uFE0E\uFE0F]/u; // an emoji as text, or as a picture
const KEYCAP = "\u20E3";
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\u2800\u{1D159}\u{13441}\u{13442}]/u;
const MARK = /\p{M}/u;
const SIGN = /\p{So}/u;
const INK = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * Return a name as it will be shown, without what counts for nothing; null for none that people
 * can see, and for what hides something.
 * @param {string} text
 * @returns {string | null}
 */
export function cleanName(text) {
  let name = text.normalize("NFC").trim();
  for (let before = null; before !== name; ) {
    before = name;
    const passed = pass([...name]);
    if (passed === null) return null;
    name = passed.normalize("NFC").trim();
  }
  const characters = [...name];
  return characters.length <= MOST_CHARACTERS && characters.some(isInked) ? name : null;
}

/**
 * Leave out what counts for nothing; null where something is hidden.
 * @param {string[]} characters
 */
function pass(characters) {
  /** @type {string[]} */
  const kept = [];
  let marks = 0;
  for (const [position, character] of characters.entries()) {
    const before = kept.at(-1) ?? " ";
    const after = characters[position + 1] ?? " ";
    if (JOINER.test(character)) {
      if (!endsInked(before) || !isInked(after)) return null;
    } else if (HIDDEN.test(character)) return null;
    else if (STYLE.test(character)) {
      if (!SIGN.test(before) && after !== KEYCAP) continue;
    } else if (UNSEEN.test(character)) continue;
    else if (MARK.test(character)) {
      if (!endsInked(before)) continue;
      marks += 1;
      if (marks > MOST_MARKS) return null;
    } else marks = 0;
    kept.push(character);
  }
  return kept.join("");
}

/** @param {string} character */
function isInked(character) {
  return INK.test(character) && !UNSEEN.test(character);
}

/** @param {string} character */
function endsInked(character) {
  const isMark = MARK.test(character) && !UNSEEN.test(character);
  return isInked(character) || isMark || STYLE.test(character);
}

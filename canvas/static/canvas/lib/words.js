/** Words with values in place of the names in braces, in the plural form of their language. */

/**
 * Words that go with a number differ by the plural form of its language, as `Intl.PluralRules`
 * names it; every language has the form `other`.
 * @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}} Plural
 *
 * @typedef {Readonly<Record<string, string | number>>} Values
 */

/**
 * Fill in the values; the plural form goes by the value `count`.
 * @param {string | Plural} words
 * @param {Values} values
 * @param {Intl.PluralRules} plurals of the language of the words
 * @param {(number: number) => string} [write] writes numbers
 * @returns {string}
 */
export function phrase(words, values, plurals, write = String) {
  const text =
    typeof words === "string"
      ? words
      : (words[plurals.select(Number(values.count))] ?? words.other);
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? write(value) : value;
  });
}

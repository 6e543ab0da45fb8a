// @ts-check
/** The page's own words, in the page's language; sentences of the dialogue come from the server. */

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Text */

/**
 * `text("basket.count", { count: 2 })` takes "basket.count_one" or "basket.count_other" when there is a count.
 * @param {Record<string, string>} words
 * @param {string} language
 * @returns {Text}
 */
export function textOf(words, language) {
  const plural = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const counted = "count" in values ? words[`${key}_${plural.select(Number(values.count))}`] : undefined;
    const pattern = counted ?? words[key] ?? words[`${key}_other`];
    if (pattern === undefined) throw new Error(`no text "${key}"`);
    return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  };
}

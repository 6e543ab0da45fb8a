// @ts-check
/** The basket as lines of text and as edits, from the cart view of docs/protocol.md. No DOM. */

/** @typedef {{ group: string, option: string, name: string, text: string, amount: string, count: number, portion: string,
 *   price_text: string, is_left_out: boolean }} Modifier */
/** @typedef {{ slot: string, label: string, item: string, name: string, variation: string | null, price_text: string,
 *   modifiers: Modifier[] }} Part */
/** @typedef {{ id: string, item: string, title: string, name: string, variation: string | null, quantity: number,
 *   total_text: string, modifiers: Modifier[], parts: Part[], allergens: { allergen: string, name: string, status: string }[],
 *   note: string, combo: string | null, combo_size: string | null, needs_answer: boolean }} Line */
/** @typedef {{ revision: number, lines: Line[], problems: { kind: string, text: string, line: string | null, group_name: string }[],
 *   deals: { name: string, saved_text: string }[], units: number, subtotal_cents: number, subtotal_text: string,
 *   discount_cents: number, discount_text: string, tax_cents: number, tax_text: string, total_text: string,
 *   tax_inclusive: boolean, can_order: boolean, allergies: string[], customer_name: string, customer_phone: string }} Cart */
/** @typedef {{ text: string, priceText: string, isLeftOut: boolean }} Detail */

/** What stands under a line's title: options, halves, the parts of a meal, the note. @param {Line} line @returns {Detail[]} */
export function lineDetails(line) {
  const details = line.modifiers.map(modifierDetail);
  for (const part of line.parts) {
    const name = part.label ? `${part.label}: ${part.name}` : `½ ${part.name}`;
    details.push({ text: name, priceText: plus(part.price_text), isLeftOut: false }, ...part.modifiers.map(modifierDetail));
  }
  if (line.note) details.push({ text: `“${line.note}”`, priceText: "", isLeftOut: false });
  return details;
}

/** @param {Modifier} modifier @returns {Detail} */
function modifierDetail({ text, price_text: price, is_left_out: isLeftOut }) {
  return { text, priceText: plus(price), isLeftOut };
}

/** What is added to a price; nothing stays nothing. @param {string} price */
export function plus(price) {
  return price && !price.startsWith("-") ? `+${price}` : price;
}

/**
 * Which lines are new or not as they were: they flash once.
 * @param {Cart | null} before @param {Cart} after @returns {Set<string>}
 */
export function changedLines(before, after) {
  const known = new Map((before?.lines ?? []).map((line) => [line.id, fingerprint(line)]));
  return new Set(after.lines.filter((line) => known.get(line.id) !== fingerprint(line)).map((line) => line.id));
}

/** @param {Line} line */
function fingerprint(line) {
  return JSON.stringify([line.title, line.quantity, line.modifiers, line.parts, line.note]);
}

/**
 * The sums under the lines: [key of the text, amount], the last one is the total.
 * @param {Cart} cart @returns {[string, string][]}
 */
export function totalRows(cart) {
  /** @type {[string, string][]} */
  const rows = [];
  const hasTaxLine = !cart.tax_inclusive && cart.tax_cents > 0;
  if (hasTaxLine || cart.discount_cents) rows.push(["basket.subtotal", cart.subtotal_text]);
  if (cart.discount_cents) rows.push(["basket.discount", `−${cart.discount_text}`]);
  if (hasTaxLine) rows.push(["basket.tax", cart.tax_text]);
  if (cart.tax_inclusive && cart.tax_cents > 0) rows.push(["basket.tax_included", cart.tax_text]);
  rows.push(["basket.total", cart.total_text]);
  return rows;
}

/** @param {Cart} cart @param {Line} line @returns {string[]} what is still open about this line */
export function lineQuestions(cart, line) {
  return cart.problems
    .filter((problem) => problem.line === line.id)
    .map((problem) => (problem.group_name ? `${problem.group_name}: ${problem.text}` : problem.text));
}

/** @param {Line} line @param {number} change @returns {{ edit: "quantity", line: string, quantity: number } | { edit: "remove", line: string }} */
export function quantityEdit(line, change) {
  const quantity = line.quantity + change;
  return quantity > 0 ? { edit: "quantity", line: line.id, quantity } : { edit: "remove", line: line.id };
}

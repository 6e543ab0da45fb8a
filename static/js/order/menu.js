// @ts-check
/** The menu document of the page (`/r/<slug>/menu.json`) in the shape the sheets work with. No DOM. */

import { plus } from "./basket.js";

/** @typedef {import("./item_choice.js").MenuItem} MenuItem */
/** @typedef {{ categories: { id: string, name: string, items: MenuItem[] }[], byId: Map<string, MenuItem> }} PageMenu */

/** @param {any} document_ @returns {PageMenu} */
export function readMenu(document_) {
  const groups = new Map(document_.groups.map((/** @type {any} */ group) => [group.id, group]));
  /** @type {MenuItem[]} */
  const items = document_.items.map((/** @type {any} */ item) => readItem(item, groups, document_));
  const categories = document_.categories.map((/** @type {any} */ { id, name }) => ({
    id,
    name,
    items: items.filter((item) => item.category === id),
  }));
  return { categories, byId: new Map(items.map((item) => [item.id, item])) };
}

/** @param {any} item @param {Map<string, any>} groups @param {any} menu @returns {MenuItem} */
function readItem(item, groups, menu) {
  return {
    id: item.id,
    category: item.category,
    name: item.name,
    description: item.description ?? "",
    priceText: item.price_text,
    isFrom: item.variations.length > 1,
    isOut: !item.available,
    variations: item.variations.map((/** @type {any} */ one) => ({ id: one.id, name: one.name, priceText: one.price_text, isDefault: one.is_default })),
    groups: item.groups.map((/** @type {any} */ link) => readGroup(link, groups.get(link.group))),
    combos: menu.combos.filter((/** @type {any} */ combo) => combo.item === item.id).map(readCombo),
    allergens: item.allergens ?? [],
  };
}

/** @param {any} link @param {any} group @returns {import("./item_choice.js").MenuGroup} */
function readGroup(link, group) {
  return {
    id: group.id,
    name: group.name,
    min: link.min,
    max: link.max,
    included: link.included,
    isPortionable: group.portionable,
    amounts: group.amounts,
    defaults: link.defaults,
    options: group.options.map((/** @type {any} */ option) => ({
      id: option.id,
      name: option.name,
      priceText: plus(link.prices[option.id] ?? option.price_text),
      pricesBySize: option.id in link.prices ? {} : mapValues(option.prices, plus),
      isOut: !option.available,
    })),
  };
}

/** @param {Record<string, string>} map @param {(value: string) => string} change @returns {Record<string, string>} */
function mapValues(map, change) {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

/** @param {any} combo @returns {import("./item_choice.js").MenuCombo} */
function readCombo(combo) {
  return {
    id: combo.id,
    name: combo.name,
    priceText: combo.price_text,
    slots: combo.slots.map((/** @type {any} */ slot) => ({
      id: slot.id,
      name: slot.name,
      fallback: slot.default,
      offers: slot.choices.map((/** @type {any} */ one) => ({ item: one.item, variation: one.variation, name: one.name, priceText: plus(one.price_text), isOut: !one.available })),
    })),
    sizes: combo.sizes.map((/** @type {any} */ size) => ({ id: size.id, name: size.name, priceText: plus(size.price_text), isDefault: size.is_default })),
  };
}

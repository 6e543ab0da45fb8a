import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { readMenu } from "../../static/js/order/menu.js";

const DOCUMENT = {
  categories: [{ id: "mains", name: "Mains" }, { id: "drinks", name: "Drinks" }],
  groups: [
    {
      id: "extras",
      name: "Extras",
      kind: "choice",
      counted: false,
      portionable: true,
      amounts: [{ id: "extra", name: "extra" }],
      options: [
        { id: "cheese", name: "Cheese", price_text: "$1.00", prices: { large: "$2.00" }, available: true },
        { id: "ham", name: "Ham", price_text: "", prices: {}, available: false },
      ],
    },
  ],
  items: [
    {
      id: "pizza",
      category: "mains",
      name: "Pizza",
      description: "",
      price_text: "$8.00",
      available: true,
      left: null,
      variations: [
        { id: "small", name: "Small", price_text: "$8.00", is_default: false },
        { id: "large", name: "Large", price_text: "$12.00", is_default: true },
      ],
      groups: [{ group: "extras", min: 0, max: 3, included: 0, defaults: [], prices: { ham: "$0.50" } }],
      allergens: [{ allergen: "milk", name: "milk", status: "contains" }],
    },
    { id: "cola", category: "drinks", name: "Cola", description: "", price_text: "$2.00", available: false, left: 0, variations: [], groups: [], allergens: [] },
  ],
  combos: [
    {
      id: "deal",
      item: "pizza",
      number: 1,
      name: "Deal",
      price_text: "$10.00",
      slots: [{ id: "drink", name: "Drink", default: "cola", choices: [{ item: "cola", variation: null, name: "Cola", price_text: "$0.40", available: false }] }],
      sizes: [],
    },
  ],
};

describe("menu of the page", () => {
  const menu = readMenu(DOCUMENT);
  const pizza = menu.byId.get("pizza");

  it("is grouped by category, sold-out things kept in sight", () => {
    assert.deepEqual(menu.categories.map(({ name, items }) => [name, items.map(({ id, isOut }) => [id, isOut])]), [["Mains", [["pizza", false]]], ["Drinks", [["cola", true]]]]);
  });

  it("says “from” where the size makes the price", () => {
    assert.equal(pizza.isFrom, true);
    assert.equal(menu.byId.get("cola").isFrom, false);
  });

  it("knows what options add: on this item, at each size, or nothing", () => {
    const [cheese, ham] = pizza.groups[0].options;
    assert.deepEqual([cheese.priceText, cheese.pricesBySize], ["+$1.00", { large: "+$2.00" }]);
    assert.deepEqual([ham.priceText, ham.pricesBySize, ham.isOut], ["+$0.50", {}, true]);
  });

  it("offers the meals an item can become", () => {
    assert.equal(pizza.combos[0].priceText, "$10.00");
    assert.deepEqual(pizza.combos[0].slots[0].offers[0], { item: "cola", variation: null, name: "Cola", priceText: "+$0.40", isOut: true });
    assert.equal(pizza.combos[0].slots[0].fallback, "cola");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { changedLines, lineDetails, lineQuestions, quantityEdit, totalRows } from "../../static/js/order/basket.js";
import { isPhoneAcceptable } from "../../static/js/order/confirm_sheet.js";
import { ItemChoice } from "../../static/js/order/item_choice.js";

const modifier = (text, extra = {}) => ({ group: "toppings", option: text, name: text, text, amount: "regular", count: 1, portion: "whole", price_text: "", is_left_out: false, ...extra });
const line = (extra = {}) => ({ id: "L1", item: "pizza", title: "Large Pizza", name: "Pizza", variation: "large", quantity: 2, total_text: "$20.00", modifiers: [], parts: [], allergens: [], note: "", combo: null, combo_size: null, needs_answer: false, ...extra });
const cart = (lines, extra = {}) => ({ revision: 1, lines, problems: [], deals: [], units: 2, subtotal_text: "$20.00", discount_cents: 0, discount_text: "", tax_cents: 160, tax_text: "$1.60", total_text: "$21.60", tax_inclusive: false, ...extra });

describe("basket lines", () => {
  it("show options with their prices, what is left out, halves, parts of a meal and the note", () => {
    const details = lineDetails(
      line({
        modifiers: [modifier("extra cheese", { price_text: "$1.50" }), modifier("no onions", { is_left_out: true })],
        parts: [
          { slot: "", label: "", name: "Hawaiian", price_text: "", modifiers: [modifier("ham")] },
          { slot: "drink", label: "Drink", name: "Large Cola", price_text: "$0.50", modifiers: [] },
        ],
        note: "well done",
      }),
    );
    assert.deepEqual(details, [
      { text: "extra cheese", priceText: "+$1.50", isLeftOut: false },
      { text: "no onions", priceText: "", isLeftOut: true },
      { text: "½ Hawaiian", priceText: "", isLeftOut: false },
      { text: "ham", priceText: "", isLeftOut: false },
      { text: "Drink: Large Cola", priceText: "+$0.50", isLeftOut: false },
      { text: "“well done”", priceText: "", isLeftOut: false },
    ]);
  });

  it("that are new or not as before are found, moved ones are not", () => {
    const before = cart([line(), line({ id: "L2" })]);
    const after = cart([line({ id: "L2" }), line({ quantity: 3 }), line({ id: "L3" })]);
    assert.deepEqual([...changedLines(before, after)], ["L1", "L3"]);
    assert.deepEqual([...changedLines(null, before)], ["L1", "L2"]);
  });

  it("step up and down, and go away at nought", () => {
    assert.deepEqual(quantityEdit(line(), 1), { edit: "quantity", line: "L1", quantity: 3 });
    assert.deepEqual(quantityEdit(line({ quantity: 1 }), -1), { edit: "remove", line: "L1" });
  });

  it("say what they still need", () => {
    const problems = [
      { kind: "missing_choice", text: "Choose one", line: "L1", group_name: "Sauce" },
      { kind: "missing_variation", text: "Choose a size", line: "L2", group_name: "" },
    ];
    assert.deepEqual(lineQuestions(cart([line()], { problems }), line()), ["Sauce: Choose one"]);
    assert.deepEqual(lineQuestions(cart([], { problems }), line({ id: "L2" })), ["Choose a size"]);
  });
});

describe("sums", () => {
  it("add tax where prices are without", () => {
    assert.deepEqual(totalRows(cart([line()])), [["basket.subtotal", "$20.00"], ["basket.tax", "$1.60"], ["basket.total", "$21.60"]]);
  });

  it("only mention it where prices hold it", () => {
    const rows = totalRows(cart([line()], { tax_inclusive: true, tax_text: "1,45 €", total_text: "16,00 €" }));
    assert.deepEqual(rows, [["basket.tax_included", "1,45 €"], ["basket.total", "16,00 €"]]);
  });

  it("show a deal as money off", () => {
    const rows = totalRows(cart([line()], { discount_cents: 200, discount_text: "$2.00", tax_cents: 0 }));
    assert.deepEqual(rows, [["basket.subtotal", "$20.00"], ["basket.discount", "−$2.00"], ["basket.total", "$21.60"]]);
  });
});

describe("phone numbers", () => {
  it("may be left out, written anyhow, but not cut short", () => {
    for (const fine of ["", "  ", "+1 (555) 010-9999", "910 555 019"]) assert.ok(isPhoneAcceptable(fine), fine);
    for (const short of ["12345", "call me"]) assert.ok(!isPhoneAcceptable(short), short);
  });
});

const option = (id, extra = {}) => ({ id, name: id, priceText: "", pricesBySize: {}, isOut: false, ...extra });
const AMOUNTS = [{ id: "no", name: "no" }, { id: "regular", name: "regular" }, { id: "extra", name: "extra" }];
const group = (id, extra = {}) => ({ id, name: id, min: 0, max: null, included: 0, isPortionable: false, amounts: AMOUNTS, defaults: [], options: ["onion", "bacon", "egg"].map((one) => option(one)), ...extra });
const item = (extra = {}) => ({
  id: "burger",
  category: "mains",
  name: "Burger",
  description: "",
  priceText: "$8.00",
  isFrom: false,
  isOut: false,
  variations: [],
  groups: [group("extras", { defaults: ["onion"] }), group("bread", { min: 1, max: 1, options: [option("white"), option("brown")] })],
  combos: [],
  allergens: [],
  ...extra,
});
const SIZES = [{ id: "small", name: "Small", priceText: "$8", isDefault: false }, { id: "large", name: "Large", priceText: "$10", isDefault: false }];
const MEAL = {
  id: "meal",
  name: "Meal",
  priceText: "$11",
  sizes: [],
  slots: [{ id: "drink", name: "Drink", fallback: null, offers: [{ item: "cola", variation: null, name: "Cola", priceText: "", isOut: false }, { item: "water", variation: "still", name: "Water", priceText: "", isOut: false }] }],
};

describe("choosing an item", () => {
  const [extras, bread] = item().groups;

  it("begins as the item comes", () => {
    const choice = new ItemChoice(item());
    assert.ok(choice.isOn(extras, "onion"));
    assert.ok(!choice.isOn(extras, "bacon"));
    assert.deepEqual(choice.addition().options, []);
  });

  it("asks for what must be chosen: the size first, then groups, then parts of the meal", () => {
    const choice = new ItemChoice(item({ variations: SIZES }));
    assert.deepEqual(choice.missing("Size"), ["Size", "bread"]);
    choice.variation = "large";
    choice.set(bread, "brown", true);
    assert.deepEqual(choice.missing("Size"), []);
    const meal = new ItemChoice(item({ combos: [MEAL], groups: [] }));
    meal.combo = "meal";
    assert.deepEqual(meal.missing("Size"), ["Drink"]);
  });

  it("shows what an option costs at the chosen size", () => {
    const cheese = option("cheese", { priceText: "$1.00", pricesBySize: { large: "$2.00" } });
    const choice = new ItemChoice(item({ variations: SIZES }));
    assert.equal(choice.priceOf(cheese), "$1.00");
    choice.variation = "large";
    assert.equal(choice.priceOf(cheese), "$2.00");
  });

  it("takes the only size there is, or the default one", () => {
    assert.equal(new ItemChoice(item({ variations: [SIZES[0]] })).variation, "small");
    assert.equal(new ItemChoice(item({ variations: [SIZES[0], { ...SIZES[1], isDefault: true }] })).variation, "large");
  });

  it("says a default away as “no”, and says nothing when it comes back", () => {
    const choice = new ItemChoice(item());
    choice.set(extras, "onion", false);
    assert.deepEqual(choice.addition().options, [{ group: "extras", option: "onion", amount: "no", count: 1, portion: "whole" }]);
    choice.set(extras, "onion", true);
    assert.deepEqual(choice.addition().options, []);
  });

  it("lets one choice of a kind replace the other", () => {
    const choice = new ItemChoice(item());
    choice.set(bread, "white", true);
    choice.set(bread, "brown", true);
    assert.deepEqual(choice.addition().options.map(({ option: id, amount }) => [id, amount]), [["brown", "regular"]]);
  });

  it("puts a default away by naming another, and back by naming nothing", () => {
    const crust = group("crust", { max: 1, defaults: ["thin"], options: [option("thin"), option("pan")] });
    const choice = new ItemChoice(item({ groups: [crust] }));
    choice.set(crust, "pan", true);
    assert.deepEqual([choice.isOn(crust, "thin"), choice.isOn(crust, "pan"), choice.count(crust)], [false, true, 1]);
    assert.deepEqual(choice.addition().options.map(({ option: id }) => id), ["pan"]);
    choice.set(crust, "thin", true);
    assert.deepEqual(choice.addition().options, []);
  });

  it("knows when nothing more fits", () => {
    const two = group("sides", { max: 2 });
    const choice = new ItemChoice(item({ groups: [two] }));
    choice.set(two, "onion", true);
    assert.ok(!choice.isFull(two));
    choice.set(two, "egg", true);
    assert.ok(choice.isFull(two));
  });
});

describe("changing a line", () => {
  const [extras, bread] = item().groups;
  const before = line({ item: "burger", variation: "small", modifiers: [modifier("onion", { group: "extras", option: "onion", amount: "no", is_left_out: true }), modifier("bacon", { group: "extras", option: "bacon" })] });

  it("sends nothing when nothing changed", () => {
    assert.deepEqual(new ItemChoice(item({ variations: SIZES }), before).changes(before), []);
  });

  it("sends size, options and quantity, each only when it changed", () => {
    const choice = new ItemChoice(item({ variations: SIZES }), before);
    choice.variation = "large";
    choice.set(extras, "onion", true);
    choice.set(extras, "bacon", false);
    choice.set(bread, "brown", true);
    choice.quantity = 5;
    assert.deepEqual(choice.changes(before), [
      { edit: "variation", line: "L1", variation: "large" },
      { edit: "option_off", line: "L1", group: "extras", option: "onion" },
      { edit: "option_off", line: "L1", group: "extras", option: "bacon" },
      { edit: "option", line: "L1", choice: { group: "bread", option: "brown", amount: "regular", count: 1, portion: "whole" } },
      { edit: "quantity", line: "L1", quantity: 5 },
    ]);
  });

  it("sends how much of it", () => {
    const choice = new ItemChoice(item({ variations: SIZES }), before);
    choice.say(extras, "bacon", { amount: "extra" });
    assert.deepEqual(choice.changes(before), [{ edit: "option", line: "L1", choice: { group: "extras", option: "bacon", amount: "extra", count: 1, portion: "whole" } }]);
  });

  it("sends the parts of a meal that changed", () => {
    const meal = line({ item: "burger", variation: null, combo: "meal", parts: [{ slot: "drink", label: "Drink", item: "cola", name: "Cola", variation: null, price_text: "", modifiers: [] }] });
    const choice = new ItemChoice(item({ combos: [MEAL] }), meal);
    assert.deepEqual(choice.changes(meal), []);
    choice.choose(MEAL.slots[0], MEAL.slots[0].offers[1]);
    assert.deepEqual(choice.changes(meal), [{ edit: "combo_slot", line: "L1", slot: "drink", item: "water", variation: "still" }]);
  });
});

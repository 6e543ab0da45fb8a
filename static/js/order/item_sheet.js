// @ts-check
/** The sheet of one item: size, options, meal, quantity; for a new line or one that is in the basket. */

import { element, icon, part, setText } from "../lib/dom.js";
import { allergenTags } from "./basket_view.js";
import { ItemChoice } from "./item_choice.js";

/** @typedef {import("./item_choice.js").MenuItem} MenuItem */
/** @typedef {import("./item_choice.js").MenuGroup} MenuGroup */
/** @typedef {import("./item_choice.js").MenuOption} MenuOption */
/** @typedef {import("./basket.js").Line} Line */
/** @typedef {import("../lib/text.js").Text} Text */

export class ItemSheet {
  #sheet;
  #text;
  /** @type {ItemChoice | null} */
  #choice = null;
  /** @type {Line | null} */
  #line = null;
  /** @type {(choice: ItemChoice) => void} */
  onAdd = () => {};
  /** @type {(line: Line, edits: object[]) => void} */
  onChange = () => {};

  /** @param {HTMLDialogElement} sheet @param {Text} text @param {import("../lib/owner.js").Owner} owner */
  constructor(sheet, text, owner) {
    this.#sheet = sheet;
    this.#text = text;
    owner.listen(part(sheet, "item-form"), "submit", (event) => this.#submitted(event));
    owner.listen(part(sheet, "close"), "click", () => sheet.close());
    owner.listen(sheet, "click", (event) => event.target === sheet && sheet.close());
  }

  /** @param {MenuItem} item @param {Line | null} [line] */
  open(item, line = null) {
    this.#choice = new ItemChoice(item, line);
    this.#line = line;
    setText(part(this.#sheet, "item-name"), item.name);
    this.#draw();
    this.#sheet.showModal();
    part(this.#sheet, "item-body").scrollTop = 0;
  }

  /** @returns {ItemChoice} */
  get #now() {
    return /** @type {ItemChoice} */ (this.#choice);
  }

  #draw() {
    const { item } = this.#now;
    const body = part(this.#sheet, "item-body");
    const focused = document.activeElement?.id;
    const tags = allergenTags(item.allergens, this.#text);
    if (!tags.length) tags.push(element("span", { class: "tag" }, this.#text("menu.allergens_unknown")));
    const parts = [
      item.description && element("p", { class: "soft", dir: "auto" }, item.description),
      element("div", { class: "basket-line-tags" }, ...tags),
      item.combos.length > 0 && this.#meals(),
      item.variations.length > 1 && !this.#now.combo && this.#sizes(),
      ...item.groups.map((group, index) => this.#group(group, index)),
      element("p", { class: "form-error", role: "alert", "data-item-error": true }),
    ];
    body.replaceChildren(.../** @type {Node[]} */ (parts.filter(Boolean)));
    this.#drawFoot();
    if (focused) document.getElementById(focused)?.focus();
  }

  #drawFoot() {
    const { quantity } = this.#now;
    const step = (/** @type {number} */ by, /** @type {string} */ symbol, /** @type {string} */ key) => {
      const name = element("span", { class: "visually-hidden" }, this.#text(key));
      const button = element("button", { type: "button", id: `item-${symbol}` }, icon(symbol), name);
      button.addEventListener("click", () => {
        this.#now.quantity = Math.min(99, Math.max(1, quantity + by));
        this.#draw();
      });
      return button;
    };
    const count = element("output", { "aria-label": this.#text("menu.quantity") }, String(quantity));
    part(this.#sheet, "item-stepper").replaceChildren(step(-1, "minus", "menu.less"), count, step(1, "plus", "menu.more"));
    const key = this.#line ? "menu.save" : "menu.add";
    setText(part(this.#sheet, "item-submit"), !this.#line && quantity > 1 ? this.#text("menu.add_count", { count: quantity }) : this.#text(key));
  }

  #sizes() {
    const rows = this.#now.item.variations.map(({ id, name, priceText }) =>
      this.#choiceRow("radio", "size", `size-${id}`, name, priceText, this.#now.variation === id, () => (this.#now.variation = id)),
    );
    return this.#fieldset(this.#text("menu.size"), this.#text("menu.required"), rows);
  }

  #meals() {
    const { item, combo: chosen } = this.#now;
    const isFixed = this.#line !== null; // a line stays a meal or not; its parts may change
    const rows = isFixed
      ? []
      : [
          this.#choiceRow("radio", "meal", "meal-none", this.#text("menu.alone"), "", !chosen, () => (this.#now.combo = null)),
          ...item.combos.map(({ id, name, priceText }) =>
            this.#choiceRow("radio", "meal", `meal-${id}`, name, priceText, chosen === id, () => (this.#now.combo = id)),
          ),
        ];
    const combo = item.combos.find(({ id }) => id === chosen);
    const sizes = (combo?.sizes ?? []).map(({ id, name, priceText, isDefault }) => {
      const isOn = this.#now.comboSize ? this.#now.comboSize === id : isDefault;
      return this.#choiceRow("radio", "meal-size", `meal-size-${id}`, name, priceText, isOn, () => (this.#now.comboSize = id));
    });
    const slots = (combo?.slots ?? []).map((slot) => {
      const offers = slot.offers.map((offer, at) =>
        this.#choiceRow("radio", `slot-${slot.id}`, `slot-${slot.id}-${at}`, offer.name, offer.priceText, this.#now.offerIn(slot) === offer,
          () => this.#now.choose(slot, offer), offer.isOut),
      );
      return this.#fieldset(slot.name, this.#text("menu.required"), offers);
    });
    return element(
      "div",
      { class: "stack" },
      rows.length > 0 && this.#fieldset(this.#text("menu.meal"), this.#text("menu.optional"), rows),
      sizes.length > 0 && this.#fieldset(this.#text("menu.size"), "", sizes),
      ...slots,
    );
  }

  /** @param {MenuGroup} group @param {number} index */
  #group(group, index) {
    const isSingle = isOneOf(group);
    const rows = group.options.map((option) => {
      const isOn = this.#now.isOn(group, option.id);
      const isBlocked = option.isOut || (!isOn && this.#now.isFull(group));
      const row = this.#choiceRow(isSingle ? "radio" : "checkbox", `group-${index}`, `group-${index}-${option.id}`, option.name,
        this.#now.priceOf(option), isOn, (isWanted) => this.#now.set(group, option.id, isWanted), isBlocked);
      if (isOn) this.#addDegrees(row, group, option, index);
      return row;
    });
    return this.#fieldset(group.name, this.#rule(group), rows);
  }

  /** How much, and on which half. @param {HTMLElement} row @param {MenuGroup} group @param {MenuOption} option @param {number} index */
  #addDegrees(row, group, option, index) {
    const said = this.#now.saidAbout(group, option.id);
    const amounts = group.amounts.filter(({ id }) => id !== "no");
    if (amounts.length < 2) return;
    const select = element(
      "select",
      { id: `amount-${index}-${option.id}`, "aria-label": this.#text("menu.amount_of", { name: option.name }) },
      ...amounts.map(({ id, name }) => element("option", { value: id, selected: said.amount === id }, name)),
    );
    select.addEventListener("change", () => this.#now.say(group, option.id, { amount: select.value }));
    row.append(select);
  }

  /** @param {MenuGroup} group */
  #rule(group) {
    const { min, max, included } = group;
    if (min === 1 || isOneOf(group)) return this.#text("menu.required");
    if (min > 1) return this.#text("menu.required_many", { min });
    if (included) return this.#text("menu.included", { count: included });
    return max !== null && max > 1 ? this.#text("menu.up_to", { max }) : this.#text("menu.optional");
  }

  /** @param {string} name @param {string} rule @param {HTMLElement[]} rows */
  #fieldset(name, rule, rows) {
    const legend = element("legend", {}, element("span", {}, name), rule && element("span", { class: "soft small" }, rule));
    return element("fieldset", { class: "choice-group" }, legend, ...rows);
  }

  /**
   * @param {"radio" | "checkbox"} type @param {string} name @param {string} id @param {string} label @param {string} priceText
   * @param {boolean} isOn @param {(isWanted: boolean) => void} choose @param {boolean} [isBlocked]
   */
  #choiceRow(type, name, id, label, priceText, isOn, choose, isBlocked = false) {
    const input = element("input", { type, name, id, checked: isOn, disabled: isBlocked });
    input.addEventListener("change", () => {
      choose(input.checked);
      this.#draw();
    });
    const price = priceText && element("span", { class: "price" }, priceText);
    return element("div", { class: `choice${isBlocked ? " is-out" : ""}` }, element("label", { for: id }, input, element("span", { dir: "auto" }, label), price));
  }

  /** @param {Event} event */
  #submitted(event) {
    event.preventDefault();
    const missing = this.#now.missing(this.#text("menu.size"));
    if (missing.length) {
      setText(part(this.#sheet, "item-error"), this.#text("menu.missing", { names: missing.join(", ") }));
      return;
    }
    this.#sheet.close();
    if (this.#line) this.onChange(this.#line, this.#now.changes(this.#line));
    else this.onAdd(this.#now);
  }
}

/** Always exactly one of them: chosen, or as it comes. @param {MenuGroup} group */
function isOneOf({ min, max, defaults }) {
  return max === 1 && (min === 1 || defaults.length > 0);
}

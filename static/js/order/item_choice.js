// @ts-check
/** What is chosen in an item's sheet, and the edits that bring a basket line there. No DOM; prices come from the server. */

/** @typedef {{ id: string, name: string, priceText: string, pricesBySize: Record<string, string>, isOut: boolean }} MenuOption */
/** @typedef {{ id: string, name: string, min: number, max: number | null, included: number, isPortionable: boolean,
 *   amounts: { id: string, name: string }[], defaults: string[], options: MenuOption[] }} MenuGroup */
/** @typedef {{ item: string, variation: string | null, name: string, priceText: string, isOut: boolean }} SlotOffer */
/** @typedef {{ id: string, name: string, fallback: string | null, offers: SlotOffer[] }} MenuSlot */
/** @typedef {{ id: string, name: string, priceText: string, slots: MenuSlot[],
 *   sizes: { id: string, name: string, priceText: string, isDefault: boolean }[] }} MenuCombo */
/** @typedef {{ id: string, category: string, name: string, description: string, priceText: string, isFrom: boolean, isOut: boolean,
 *   variations: { id: string, name: string, priceText: string, isDefault: boolean }[], groups: MenuGroup[], combos: MenuCombo[],
 *   allergens: { name: string, status: string }[] }} MenuItem */
/** @typedef {{ amount: string, count: number, portion: string }} Said */
/** @typedef {{ edit: string, [field: string]: any }} Touch */

const REGULAR = { amount: "regular", count: 1, portion: "whole" };
const LEFT_OUT = { amount: "no", count: 1, portion: "whole" };

export class ItemChoice {
  quantity = 1;
  /** @type {string | null} */
  variation = null;
  /** @type {string | null} */
  combo = null;
  /** @type {string | null} */
  comboSize = null;
  /** Only what differs from the item as it comes. @type {Map<string, Said>} */
  #said = new Map();
  /** @type {Map<string, SlotOffer>} */
  #slots = new Map();

  /**
   * @param {MenuItem} item
   * @param {import("./basket.js").Line | null} line the basket line that is being changed
   */
  constructor(item, line = null) {
    this.item = item;
    this.variation = line ? line.variation : defaultVariation(item);
    if (!line) return;
    this.quantity = line.quantity;
    this.combo = line.combo;
    this.comboSize = line.combo_size;
    for (const { group, option, amount, count, portion } of line.modifiers) {
      this.#said.set(keyOf(group, option), { amount, count, portion });
    }
    for (const part of line.parts) {
      const offer = this.#comboSlots().find(({ id }) => id === part.slot)?.offers.find((one) => isOffer(one, part));
      if (offer) this.#slots.set(part.slot, offer);
    }
  }

  /** @param {MenuGroup} group @param {string} option */
  isOn(group, option) {
    const said = this.#said.get(keyOf(group.id, option));
    if (said) return said.amount !== "no";
    return group.defaults.includes(option) && !(group.max === 1 && this.#isAnySaid(group));
  }

  /** Where only one fits, naming another is enough to put a default away. @param {MenuGroup} group */
  #isAnySaid(group) {
    return group.options.some(({ id }) => (this.#said.get(keyOf(group.id, id))?.amount ?? "no") !== "no");
  }

  /** @param {MenuGroup} group @param {string} option @returns {Said} */
  saidAbout(group, option) {
    return this.#said.get(keyOf(group.id, option)) ?? REGULAR;
  }

  /** @param {MenuGroup} group @param {string} option @param {boolean} isWanted */
  set(group, option, isWanted) {
    if (isWanted && group.max === 1) for (const { id } of group.options) this.#said.delete(keyOf(group.id, id));
    this.#put(group, option, isWanted);
  }

  /** @param {MenuGroup} group @param {string} option @param {Partial<Said>} said */
  say(group, option, said) {
    const key = keyOf(group.id, option);
    const now = { ...(this.#said.get(key) ?? REGULAR), ...said };
    if (isSame(now, REGULAR) && group.defaults.includes(option)) this.#said.delete(key);
    else this.#said.set(key, now);
  }

  /** @param {MenuGroup} group @param {string} option @param {boolean} isWanted */
  #put(group, option, isWanted) {
    if (this.isOn(group, option) === isWanted) return;
    const key = keyOf(group.id, option);
    const isDefault = group.defaults.includes(option);
    if (isWanted === isDefault) this.#said.delete(key);
    else if (isWanted) this.#said.set(key, { ...REGULAR });
    else this.#said.set(key, { ...LEFT_OUT });
  }

  /** What the option costs at the chosen size. @param {MenuOption} option */
  priceOf(option) {
    return option.pricesBySize[this.variation ?? ""] ?? option.priceText;
  }

  /** How many of the group are on. @param {MenuGroup} group */
  count(group) {
    return group.options.filter((option) => this.isOn(group, option.id)).length;
  }

  /** Nothing more fits into the group. @param {MenuGroup} group */
  isFull(group) {
    return group.max !== null && group.max > 1 && this.count(group) >= group.max;
  }

  /** @param {MenuSlot} slot */
  offerIn(slot) {
    return this.#slots.get(slot.id) ?? slot.offers.find((offer) => offer.item === slot.fallback) ?? null;
  }

  /** @param {MenuSlot} slot @param {SlotOffer} offer */
  choose(slot, offer) {
    this.#slots.set(slot.id, offer);
  }

  /** Names of what must still be chosen. @param {string} sizeName @returns {string[]} */
  missing(sizeName) {
    const names = this.item.groups.filter((group) => this.count(group) < group.min).map((group) => group.name);
    if (this.item.variations.length && !this.variation && !this.combo) names.unshift(sizeName);
    return [...names, ...this.#comboSlots().filter((slot) => !this.offerIn(slot)).map((slot) => slot.name)];
  }

  #comboSlots() {
    return this.item.combos.find((combo) => combo.id === this.combo)?.slots ?? [];
  }

  /** A new line. @returns {Touch} */
  addition() {
    const options = [...this.#said].map(([key, said]) => ({ ...idsOf(key), ...said }));
    return { edit: "add", item: this.item.id, quantity: this.quantity, variation: this.variation, options, combo: this.combo };
  }

  /** What a new line needs once it stands: the parts of its meal. @param {string} line @returns {Touch[]} */
  mealEdits(line) {
    if (!this.combo) return [];
    const slots = [...this.#slots].map(([slot, { item, variation }]) => ({ edit: "combo_slot", line, slot, item, variation }));
    return this.comboSize ? [{ edit: "combo_size", line, size: this.comboSize }, ...slots] : slots;
  }

  /** From the line as it was to what is chosen now. @param {import("./basket.js").Line} line @returns {Touch[]} */
  changes(line) {
    const before = new ItemChoice(this.item, line);
    /** @type {Touch[]} */
    const edits = [];
    if (this.variation && this.variation !== before.variation) edits.push({ edit: "variation", line: line.id, variation: this.variation });
    for (const [key] of before.#said) {
      if (!this.#said.has(key)) edits.push({ edit: "option_off", line: line.id, ...idsOf(key) });
    }
    for (const [key, said] of this.#said) {
      const was = before.#said.get(key);
      if (was && isSame(was, said)) continue;
      if (said.amount === "no" && !this.#isDefault(key)) edits.push({ edit: "option_off", line: line.id, ...idsOf(key) });
      else edits.push({ edit: "option", line: line.id, choice: { ...idsOf(key), ...said } });
    }
    for (const edit of this.mealEdits(line.id)) {
      if (!before.mealEdits(line.id).some((old) => JSON.stringify(old) === JSON.stringify(edit))) edits.push(edit);
    }
    if (this.quantity !== before.quantity) edits.push({ edit: "quantity", line: line.id, quantity: this.quantity });
    return edits;
  }

  /** @param {string} key */
  #isDefault(key) {
    const { group, option } = idsOf(key);
    return this.item.groups.find(({ id }) => id === group)?.defaults.includes(option) ?? false;
  }
}

/** @param {MenuItem} item */
function defaultVariation(item) {
  const only = item.variations.length === 1 ? item.variations[0] : undefined;
  return (only ?? item.variations.find(({ isDefault }) => isDefault))?.id ?? null;
}

/** @param {SlotOffer} offer @param {{ item: string, variation: string | null }} part */
function isOffer(offer, part) {
  return offer.item === part.item && (offer.variation === null || offer.variation === part.variation);
}

/** @param {string} group @param {string} option */
function keyOf(group, option) {
  return JSON.stringify([group, option]);
}

/** @param {string} key @returns {{ group: string, option: string }} */
function idsOf(key) {
  const [group, option] = JSON.parse(key);
  return { group, option };
}

/** @param {Said} one @param {Said} other */
function isSame(one, other) {
  return one.amount === other.amount && one.count === other.count && one.portion === other.portion;
}

// @ts-check
/** The basket on the page: lines, sums, and buttons that send edits. */

import { element, icon, part, setText } from "../lib/dom.js";
import { changedLines, lineDetails, lineQuestions, quantityEdit, totalRows } from "./basket.js";

/** @typedef {import("./basket.js").Cart} Cart */
/** @typedef {import("./basket.js").Line} Line */
/** @typedef {import("../lib/text.js").Text} Text */

export class BasketView {
  #root;
  #text;
  /** @type {Cart | null} */
  #shown = null;
  /** @type {(edits: object[]) => void} */
  onEdits = () => {};
  /** @type {(line: Line) => void} */
  onChangeLine = () => {};

  /** @param {HTMLElement} root @param {Text} text @param {import("../lib/owner.js").Owner} owner */
  constructor(root, text, owner) {
    this.#root = root;
    this.#text = text;
    const toggle = part(root, "basket-switch");
    owner.listen(toggle, "click", () => {
      const isOpen = root.classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", String(isOpen));
    });
    owner.listen(part(root, "basket-lines"), "click", (event) => this.#clicked(event));
  }

  /** @param {import("./call.js").Call} call */
  show(call) {
    const cart = /** @type {Cart | null} */ (call.cart);
    const lines = cart?.lines ?? [];
    const focus = focusedControl(this.#root);
    const changed = cart ? changedLines(this.#shown, cart) : new Set();
    part(this.#root, "basket-empty").hidden = lines.length > 0;
    part(this.#root, "basket-lines").replaceChildren(
      ...lines.map((line) => this.#line(/** @type {Cart} */ (cart), line, changed.has(line.id))),
    );
    part(this.#root, "undo").hidden = !call.canUndo;
    /** @type {HTMLButtonElement} */ (part(this.#root, "review")).disabled = !lines.length;
    this.#showTotals(cart);
    this.#shown = cart;
    restoreFocus(this.#root, focus);
  }

  /** @param {Cart | null} cart */
  #showTotals(cart) {
    const isFilled = Boolean(cart?.lines.length);
    setText(part(this.#root, "basket-count"), isFilled ? this.#text("basket.count", { count: cart?.units ?? 0 }) : this.#text("basket.title"));
    setText(part(this.#root, "basket-total"), isFilled ? (cart?.total_text ?? "") : "");
    const totals = part(this.#root, "totals");
    totals.hidden = !isFilled;
    totals.replaceChildren(...(cart && isFilled ? totalNodes(cart, this.#text) : []));
  }

  /** @param {Cart} cart @param {Line} line @param {boolean} hasChanged */
  #line(cart, line, hasChanged) {
    const name = line.title;
    const head = element(
      "div",
      { class: "basket-line-head" },
      element("span", { dir: "auto" }, name),
      element("span", {}, line.total_text),
    );
    const stepper = element(
      "div",
      { class: "stepper" },
      this.#button(line, "less", "minus", "basket.less"),
      element("span", { class: "count" }, String(line.quantity)),
      this.#button(line, "more", "plus", "basket.more"),
    );
    const tools = element(
      "div",
      { class: "basket-line-tools" },
      stepper,
      element("span", { class: "spacer" }),
      this.#button(line, "change", "edit", "basket.edit"),
      this.#button(line, "remove", "trash", "basket.remove"),
    );
    return element(
      "li",
      { class: `basket-line${hasChanged ? " has-changed" : ""}`, "data-line": line.id },
      head,
      detailList(line),
      this.#tags(cart, line),
      tools,
    );
  }

  /** @param {Line} line @param {string} action @param {string} symbol @param {string} key */
  #button(line, action, symbol, key) {
    const label = element("span", { class: "visually-hidden" }, this.#text(key, { name: line.title }));
    return element("button", { type: "button", class: "icon-button", "data-action": action }, icon(symbol), label);
  }

  /** @param {Cart} cart @param {Line} line */
  #tags(cart, line) {
    const questions = line.needs_answer ? lineQuestions(cart, line) : [];
    const tags = [
      ...questions.map((words) => element("span", { class: "tag is-warn" }, icon("warn"), words)),
      ...allergenTags(line.allergens, this.#text),
    ];
    return tags.length ? element("div", { class: "basket-line-tags" }, ...tags) : null;
  }

  /** @param {Event} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    const row = /** @type {HTMLElement | null | undefined} */ (button?.closest("[data-line]"));
    const line = this.#shown?.lines.find(({ id }) => id === row?.dataset.line);
    if (!line || !(button instanceof HTMLElement)) return;
    const action = button.dataset.action;
    if (action === "change") this.onChangeLine(line);
    else if (action === "remove") this.onEdits([{ edit: "remove", line: line.id }]);
    else this.onEdits([quantityEdit(line, action === "more" ? 1 : -1)]);
  }
}

/** @param {Line} line */
function detailList(line) {
  const details = lineDetails(line);
  if (!details.length) return null;
  const rows = details.map(({ text, priceText, isLeftOut }) =>
    element(
      "li",
      { dir: "auto" },
      element("span", { class: isLeftOut ? "is-left-out" : null }, text),
      priceText && element("span", { class: "price" }, priceText),
    ),
  );
  return element("ul", { class: "basket-line-details" }, ...rows);
}

/** @param {{ name: string, status: string }[]} allergens @param {Text} text @returns {HTMLElement[]} */
export function allergenTags(allergens, text) {
  return ["contains", "may_contain"].flatMap((status) => {
    const names = allergens.filter((one) => one.status === status).map(({ name }) => name);
    if (!names.length) return [];
    return [element("span", { class: "tag is-allergy" }, icon("allergy"), text(`menu.${status}`, { names: names.join(", ") }))];
  });
}

/** @param {Cart} cart @param {Text} text @returns {HTMLElement[]} */
export function totalNodes(cart, text) {
  return totalRows(cart).flatMap(([key, amount]) => {
    const kind = key === "basket.total" ? "is-total" : null;
    return [element("dt", { class: kind }, text(key)), element("dd", { class: kind }, amount)];
  });
}

/** The lines are drawn anew with each change: the keyboard must not lose its place. @param {HTMLElement} root */
function focusedControl(root) {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !root.contains(focused)) return null;
  const line = /** @type {HTMLElement | null} */ (focused.closest("[data-line]"))?.dataset.line;
  return line ? { line, action: focused.dataset.action } : null;
}

/** @param {HTMLElement} root @param {{ line: string, action: string | undefined } | null} focus */
function restoreFocus(root, focus) {
  if (!focus) return;
  const same = root.querySelector(`[data-line="${CSS.escape(focus.line)}"] [data-action="${focus.action}"]`);
  const next = same ?? root.querySelector("[data-line] [data-action]") ?? part(root, "basket-switch");
  if (next instanceof HTMLElement) next.focus();
}

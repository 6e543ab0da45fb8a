// @ts-check
/** The whole menu, to be tapped. */

import { element, part } from "../lib/dom.js";

/** @typedef {import("./menu.js").PageMenu} PageMenu */
/** @typedef {import("./item_choice.js").MenuItem} MenuItem */
/** @typedef {import("../lib/text.js").Text} Text */

export class MenuView {
  #root;
  #text;
  /** @type {(item: MenuItem) => void} */
  onItem = () => {};

  /** @param {HTMLElement} root @param {Text} text */
  constructor(root, text) {
    this.#root = root;
    this.#text = text;
  }

  /** @param {PageMenu} menu */
  show(menu) {
    const list = part(this.#root, "menu-list");
    const filled = menu.categories.filter(({ items }) => items.length);
    part(this.#root, "menu-tabs").replaceChildren(
      ...filled.map(({ id, name }) => element("a", { href: `#menu-${id}` }, name)),
    );
    list.removeAttribute("aria-busy");
    list.replaceChildren(...filled.map(({ id, name, items }) => this.#group(id, name, items)));
  }

  /** @param {string} message @param {string} retryName @param {() => void} retry */
  showFailure(message, retryName, retry) {
    const button = element("button", { type: "button", class: "button" }, retryName);
    button.addEventListener("click", retry, { once: true });
    const list = part(this.#root, "menu-list");
    list.removeAttribute("aria-busy");
    list.replaceChildren(element("div", { class: "stack" }, element("p", {}, message), button));
  }

  /** @param {string} id @param {string} name @param {MenuItem[]} items */
  #group(id, name, items) {
    const rows = items.map((item) => element("li", {}, this.#item(item)));
    const title = element("h3", { id: `menu-${id}`, tabindex: "-1" }, name);
    return element("section", { class: "menu-group", "aria-labelledby": `menu-${id}` }, title, element("ul", { class: "menu-items" }, ...rows));
  }

  /** @param {MenuItem} item */
  #item(item) {
    const price = item.isFrom ? this.#text("menu.from", { price: item.priceText }) : item.priceText;
    const button = element(
      "button",
      { type: "button", class: "menu-item", disabled: item.isOut, "aria-haspopup": "dialog" },
      element("span", { class: "menu-item-name", dir: "auto" }, item.name),
      element("span", { class: "menu-item-price" }, item.isOut ? this.#text("menu.sold_out") : price),
      item.description && element("span", { class: "menu-item-text", dir: "auto" }, item.description),
    );
    button.addEventListener("click", () => this.onItem(item));
    return button;
  }
}

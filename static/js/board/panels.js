// @ts-check
/** What lies over the board: the undo toast, the dialogs, the question why an order is cancelled. */

import { element, part, setText } from "../lib/dom.js";

/** @typedef {import("../lib/owner.js").Owner} Owner */

/** One message at a time, gone by itself. */
export class Toast {
  #place = part(document, "toast");
  #owner;
  #forget = () => {};

  /** @param {Owner} owner */
  constructor(owner) {
    this.#owner = owner;
  }

  /** @param {string} words @param {number} ms @param {{ name: string, run: () => void }} [action] */
  show(words, ms, action) {
    this.hide();
    const button = action && element("button", { type: "button", class: "button" }, action.name);
    button?.addEventListener("click", () => {
      this.hide();
      action?.run();
    });
    this.#place.append(element("p", { role: "status" }, words), ...(button ? [button] : []));
    this.#place.hidden = false;
    this.#forget = this.#owner.after(ms, () => this.hide());
  }

  hide() {
    this.#forget();
    this.#place.hidden = true;
    this.#place.replaceChildren();
  }

  /** What its button would do, for the keyboard. */
  press() {
    this.#place.querySelector("button")?.click();
  }
}

/** @param {string} name @returns {HTMLDialogElement} */
export function panel(name) {
  return /** @type {HTMLDialogElement} */ (part(document, `${name}-panel`));
}

/** A tap beside a dialog or on its cross closes it. @param {Owner} owner */
export function closeByTap(owner) {
  for (const dialog of document.querySelectorAll("dialog")) {
    owner.listen(dialog, "click", ({ target }) => (target === dialog || target.closest("[data-close]")) && dialog.close());
  }
}

/** Asks why an order is cancelled. */
export class CancelQuestion {
  #order = "";
  /** @type {(order: string, reason: string) => void} */
  onReason = () => {};

  /** @param {Owner} owner */
  constructor(owner) {
    const form = /** @type {HTMLFormElement} */ (part(document, "cancel-form"));
    owner.listen(form, "submit", () => {
      const reason = String(new FormData(form).get("reason") ?? "").trim();
      if (reason) this.onReason(this.#order, reason);
      form.reset();
    });
  }

  /** @param {string} order @param {number} number */
  ask(order, number) {
    this.#order = order;
    setText(part(document, "cancel-number"), String(number));
    panel("cancel").showModal();
  }
}

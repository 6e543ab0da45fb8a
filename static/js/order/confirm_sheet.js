// @ts-check
/** The last look: everything read back, then one Confirm; and the order number that comes back. */

import { element, part, setText } from "../lib/dom.js";
import { totalNodes } from "./basket_view.js";
import { lineDetails } from "./basket.js";
import { progressKey } from "./progress.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("../lib/text.js").Text} Text */

export const MIN_PHONE_DIGITS = 7;

/** A phone number may be left out; half a number may not. @param {string} phone */
export function isPhoneAcceptable(phone) {
  const digits = phone.replace(/\D/g, "").length;
  return phone.trim() === "" || digits >= MIN_PHONE_DIGITS;
}

export class ConfirmSheet {
  #sheet;
  #placed;
  #text;
  #revision = -1;
  /** @type {(details: { revision: number, name: string, phone: string }) => void} */
  onConfirm = () => {};
  /** The customer closed the sheet without confirming. */
  onBack = () => {};
  onStartOver = () => {};

  /** @param {{ sheet: HTMLDialogElement, placed: HTMLDialogElement }} sheets @param {Text} text @param {import("../lib/owner.js").Owner} owner */
  constructor({ sheet, placed }, text, owner) {
    this.#sheet = sheet;
    this.#placed = placed;
    this.#text = text;
    owner.listen(part(sheet, "confirm-form"), "submit", (event) => this.#submitted(event));
    owner.listen(part(sheet, "close"), "click", () => this.#back());
    owner.listen(sheet, "click", (event) => event.target === sheet && this.#back());
    owner.listen(sheet, "cancel", () => this.onBack());
    owner.listen(part(placed, "start-over"), "click", () => {
      placed.close();
      this.onStartOver();
    });
  }

  #back() {
    this.#sheet.close();
    this.onBack();
  }

  /** @param {Call} call */
  show(call) {
    if (call.order) {
      this.#sheet.close();
      this.#showPlaced(call.order);
      return;
    }
    this.#placed.close();
    if (!call.readback) {
      this.#sheet.close();
      return;
    }
    this.#revision = call.readback.revision;
    setText(part(this.#sheet, "readback"), call.readback.text);
    this.#showCart(/** @type {import("./basket.js").Cart} */ (call.cart));
    this.#setBusy(false);
    if (!this.#sheet.open) this.#sheet.showModal();
  }

  /** The sheet lies over the microphone button, so it has one of its own. @param {Call} call */
  showListening(call) {
    const button = part(this.#sheet, "sheet-mic");
    const isOn = call.mic === "on" || call.mic === "asking";
    button.hidden = !call.canHear || call.micProblem !== null;
    button.setAttribute("aria-pressed", String(isOn));
    const key = call.word === "recording" ? "confirm.recording" : isOn ? "confirm.listening" : "confirm.by_voice";
    const isWorking = call.recording && ["sending", "waiting", "working", "failed"].includes(call.recording.phase);
    setText(part(button, "sheet-mic-name"), this.#text(isWorking && call.recording ? progressKey(call.recording) : key));
  }

  /** A refusal or a lost connection: the button works again. @param {string} message */
  fail(message) {
    this.#setBusy(false);
    setText(part(this.#sheet, "confirm-error"), message);
  }

  /** @param {import("./basket.js").Cart} cart */
  #showCart(cart) {
    const lines = cart.lines.map((line) => {
      const details = lineDetails(line).map(({ text }) => text);
      const name = element("span", { dir: "auto" }, `${line.quantity} × ${line.title}`, details.length > 0 && element("span", { class: "readback-details" }, details.join(", ")));
      return element("li", {}, name, element("span", {}, line.total_text));
    });
    part(this.#sheet, "readback-lines").replaceChildren(...lines);
    part(this.#sheet, "confirm-totals").replaceChildren(...totalNodes(cart, this.#text));
    setText(part(this.#sheet, "confirm-total"), cart.total_text);
    const key = cart.allergies.length ? "confirm.allergy_noted" : "confirm.allergy";
    setText(part(this.#sheet, "allergy-text"), this.#text(key, { names: cart.allergies.join(", ") }));
    this.#prefill("name", cart.customer_name);
    this.#prefill("phone", cart.customer_phone);
  }

  /** @param {string} name @param {string} value */
  #prefill(name, value) {
    const field = this.#field(name);
    if (value && !field.value) field.value = value;
  }

  /** @param {string} name @returns {HTMLInputElement} */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.#sheet.querySelector(`input[name="${name}"]`));
  }

  /** @param {import("./socket.js").Message} order */
  #showPlaced(order) {
    setText(part(this.#placed, "order-number"), String(order.number));
    const minutes = order.ready_in_minutes;
    setText(part(this.#placed, "order-ready"), minutes === null ? "" : this.#text("confirm.ready_in", { minutes }));
    setText(part(this.#placed, "order-total"), this.#text("confirm.total", { total: order.total_text }));
    if (!this.#placed.open) this.#placed.showModal();
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    /** @type {HTMLButtonElement} */ (part(this.#sheet, "confirm")).disabled = isBusy;
    if (isBusy) setText(part(this.#sheet, "confirm-error"), "");
  }

  /** @param {Event} event */
  #submitted(event) {
    event.preventDefault();
    const phone = this.#field("phone");
    const isFine = isPhoneAcceptable(phone.value);
    phone.setAttribute("aria-invalid", String(!isFine));
    if (!isFine) {
      this.fail(this.#text("confirm.phone_invalid"));
      phone.focus();
      return;
    }
    this.#setBusy(true);
    this.onConfirm({ revision: this.#revision, name: this.#field("name").value.trim(), phone: phone.value.trim() });
  }
}

// @ts-check
/** What was sent and has not shown an effect yet: a connection may die with it on the way. No DOM.
 *
 * Typed words have arrived when they stand in the conversation; edits when the basket has a newer revision. After a resume the
 * server shows conversation and basket again, and what is still unconfirmed then never arrived: it can be sent once more.
 */

/** @typedef {import("./socket.js").Message} Message */

const KEPT = 32;

export class Unconfirmed {
  /** On a connection that stands, or waiting for one. @type {Message[]} */
  #sent = [];
  /** Sent on a connection that has died since. @type {Message[]} */
  #doubtful = [];

  /** @param {Message} message */
  sent(message) {
    if (message.type === "text" || message.type === "cart.edit") this.#sent = [...this.#sent, message].slice(-KEPT);
  }

  /** The connection died. */
  doubt() {
    this.#doubtful = [...this.#doubtful, ...this.#sent.splice(0)].slice(-KEPT);
  }

  /** @param {Message} message from the server */
  received(message) {
    if (message.type === "caption" && message.speaker === "customer" && message.final) this.#heard(message.text);
    else if (message.type === "cart") this.#drop((one) => isIn(message, one));
    else if (message.ref) this.#drop((one) => one.ref === message.ref);
  }

  /** What never arrived, in order, once the server has shown again what did. @returns {Message[]} */
  takeLost() {
    return this.#doubtful.splice(0);
  }

  /** @param {(message: Message) => boolean} isConfirmed */
  #drop(isConfirmed) {
    this.#sent = this.#sent.filter((one) => !isConfirmed(one));
    this.#doubtful = this.#doubtful.filter((one) => !isConfirmed(one));
  }

  /** The oldest of the same words: saying it twice means it twice. @param {string} words */
  #heard(words) {
    for (const list of [this.#doubtful, this.#sent]) {
      const at = list.findIndex((one) => one.type === "text" && plain(one.text) === plain(words));
      if (at < 0) continue;
      list.splice(at, 1);
      return;
    }
  }
}

/** @param {Message} cart @param {Message} edit */
function isIn({ ref, cart }, edit) {
  return edit.type === "cart.edit" && (edit.ref === ref || cart.revision > edit.revision);
}

/** @param {string} words */
function plain(words) {
  return words.toLowerCase().replace(/\s+/g, " ").trim();
}

// @ts-check
/** What staff do on the board: commands with ids that survive a lost connection, five seconds of undo. No DOM. */

import { firstDuty } from "./state.js";

/** @typedef {import("./state.js").Board} Board */
/** @typedef {import("./state.js").Card} Card */
/** @typedef {import("./state.js").Command} Command */

export const UNDO_MS = 5_000;

export class Kitchen {
  #board;
  #send;
  #newId;
  /** Orders whose allergy someone here has taken note of. */
  #allergySeen = new Set();
  /** Bumped and not taken back, newest last. @type {string[]} */
  #bumped = [];
  onChange = () => {};
  /** @type {(card: Card) => void} the undo is offered for this one */
  onBumped = () => {};

  /** @param {{ board: Board, send: (command: Command) => boolean, newId?: () => string }} parts */
  constructor({ board, send, newId = () => crypto.randomUUID() }) {
    this.#board = board;
    this.#send = send;
    this.#newId = newId;
  }

  /** @param {Card} card */
  dutyOf(card) {
    return firstDuty(card, this.#allergySeen.has(card.id));
  }

  /** The one button of a card: what has to be seen first, then the next state. @param {string} id */
  act(id) {
    const card = this.#board.card(id);
    if (!card) return;
    const duty = this.dutyOf(card);
    if (duty === "allergy") {
      this.#allergySeen.add(id);
      this.onChange();
    } else if (duty) this.#acknowledge(card, duty === "cancelled" ? "cancel" : "change");
    else this.#bump(card);
  }

  /** @param {Card} card @param {string} kind */
  #acknowledge(card, kind) {
    for (const ticket of card.tickets) {
      if (ticket.kind === kind && !ticket.acknowledged_ms) this.#command({ type: "ticket.acknowledge", id: this.#newId(), ticket: ticket.id });
    }
  }

  /** @param {Card} card */
  #bump(card) {
    if (!card.next) return;
    this.#bumped = [...this.#bumped.filter((id) => id !== card.id), card.id];
    this.#command({ type: "order.advance", id: this.#newId(), order: card.id, to: card.next, version: card.version });
    this.onBumped(card);
  }

  /** One state back. Without an id: what was bumped last here, else what was completed last. @param {string} [id] */
  recall(id = this.#bumped.at(-1) ?? this.#board.recent[0]?.id) {
    const card = id === undefined ? null : this.#board.card(id);
    if (!card?.can_recall) return;
    this.#bumped = this.#bumped.filter((one) => one !== card.id);
    this.#command({ type: "order.recall", id: this.#newId(), order: card.id, version: card.version });
  }

  /** @param {string} id @param {string} reason */
  cancel(id, reason) {
    const card = this.#board.card(id);
    if (card) this.#command({ type: "order.cancel", id: this.#newId(), order: card.id, version: card.version, reason });
  }

  /** @param {Command} command */
  #command(command) {
    this.#board.expect(command);
    this.#send(command);
    this.onChange();
  }

  /** After a connection came back: everything unanswered again; the ids make that harmless. */
  resend() {
    for (const command of this.#board.pending) this.#send(command);
  }
}

// @ts-check
/** The board as the display knows it: the server's cards, plus what staff did here that the server has not answered yet. No DOM. */

/** @typedef {{ text: string, is_left_out: boolean, portion: string }} CardOption */
/** @typedef {{ kind: string, name: string, station: string, options: CardOption[] }} CardPart */
/** @typedef {{ position: number, quantity: number, name: string, station: string, options: CardOption[], parts: CardPart[],
 *   note: string, heard: string }} CardLine */
/** @typedef {{ id: string, station: string, kind: "new" | "change" | "cancel", acknowledged_ms: number | null }} Ticket */
/** @typedef {{ id: string, number: number, channel: string, fulfilment: string, state: string, column: string | null, next: string | null,
 *   can_recall: boolean, version: number, placed_ms: number, promised_ms: number, state_changed_ms: number, customer_name: string,
 *   allergies: string[], lines: CardLine[], tickets: Ticket[], units: number, total_text: string }} Card */
/** @typedef {{ type: string, id: string, [field: string]: any }} Command */

export const COLUMNS = /** @type {const} */ (["new", "cooking", "ready"]);

/** As in orders/states.py: what a card looks like before the server has said so. @type {Record<string, { column: string | null, next: string | null }>} */
const AFTER = {
  accepted: { column: "new", next: "in_progress" },
  in_progress: { column: "cooking", next: "ready" },
  ready: { column: "ready", next: "completed" },
  completed: { column: null, next: null },
};
/** @type {Record<string, string>} */
const RECALLED_TO = { in_progress: "accepted", ready: "in_progress", completed: "ready", no_show: "ready" };
const KEPT_RECENT = 12;

export class Board {
  /** @type {Map<string, Card>} */
  #cards = new Map();
  /** @type {Map<string, Card>} */
  #recent = new Map();
  /** @type {Command[]} */
  #pending = [];
  /** Commands the server has done, whose change is still on its way: it comes after the answer. @type {Set<string>} */
  #done = new Set();
  #clockAheadMs = 0;
  sequence = 0;
  hasSnapshot = false;
  timeZone;
  dueSoonMs = 180_000;
  canCancel = false;

  /** @param {string} [timeZone] the restaurant's, until the snapshot says it */
  constructor(timeZone = "UTC") {
    this.timeZone = timeZone;
  }

  /** The server's time now. @param {number} [localMs] */
  now(localMs = Date.now()) {
    return localMs + this.#clockAheadMs;
  }

  /** @param {number} serverMs @param {number} [localMs] */
  setClock(serverMs, localMs = Date.now()) {
    this.#clockAheadMs = serverMs - localMs;
  }

  /** @param {any} snapshot */
  takeSnapshot(snapshot) {
    this.#cards = new Map(snapshot.orders.map((/** @type {Card} */ card) => [card.id, card]));
    this.#recent = new Map(snapshot.recent.map((/** @type {Card} */ card) => [card.id, card]));
    this.sequence = snapshot.sequence;
    this.timeZone = snapshot.restaurant.time_zone;
    this.dueSoonMs = snapshot.due_soon_s * 1000;
    this.canCancel = snapshot.can_cancel;
    this.hasSnapshot = true;
    for (const id of this.#done) this.settle(id);
    this.setClock(snapshot.server_ms);
  }

  /**
   * @param {any} change
   * @returns {"applied" | "known" | "gap"} gap: something in between was missed
   */
  takeChange(change) {
    this.setClock(change.server_ms);
    if (change.sequence <= this.sequence) return "known";
    if (change.sequence > this.sequence + 1) return "gap";
    this.sequence = change.sequence;
    this.takeCard(change.card);
    if (change.command) this.settle(change.command);
    return "applied";
  }

  /** @param {Card} card */
  takeCard(card) {
    for (const { id, order, version } of this.#pending) {
      if (this.#done.has(id) && order === card.id && card.version > version) this.settle(id);
    }
    if (card.column) {
      this.#cards.set(card.id, card);
      this.#recent.delete(card.id);
      return;
    }
    this.#cards.delete(card.id);
    this.#recent.delete(card.id);
    if (card.state !== "completed") return;
    const kept = [...this.#recent.values()].slice(0, KEPT_RECENT - 1);
    this.#recent = new Map([[card.id, card], ...kept.map((one) => /** @type {[string, Card]} */ ([one.id, one]))]);
  }

  /** Staff did this here; it counts at once, until the server says otherwise. @param {Command} command */
  expect(command) {
    this.#pending.push(command);
  }

  /** The server has done it; the card stays where it is expected until the change says the same. @param {string} id */
  done(id) {
    if (this.#pending.some((command) => command.id === id)) this.#done.add(id);
  }

  /** Refused, or its change has arrived. @param {string} id */
  settle(id) {
    this.#done.delete(id);
    this.#pending = this.#pending.filter((command) => command.id !== id);
  }

  /** Not answered yet, oldest first: sent again after a lost connection. */
  get pending() {
    return this.#pending.filter((command) => !this.#done.has(command.id));
  }

  /** @param {string} id @returns {Card | null} */
  card(id) {
    const known = this.#cards.get(id) ?? this.#recent.get(id);
    return known ? this.#asExpected(known) : null;
  }

  /** @param {string} id */
  isPending(id) {
    return this.#pending.some((command) => command.order === id);
  }

  /** Everything with a place on the board, oldest first. @returns {Card[]} */
  get open() {
    const all = [...this.#cards.values(), ...this.#recent.values()].map((card) => this.#asExpected(card));
    return all.filter((card) => card.column).sort((one, other) => one.placed_ms - other.placed_ms || one.number - other.number);
  }

  /** @param {string} column */
  column(column) {
    return this.open.filter((card) => card.column === column);
  }

  /** Completed and still within reach of a recall, newest first. @returns {Card[]} */
  get recent() {
    const all = [...this.#recent.values(), ...this.#cards.values()].map((card) => this.#asExpected(card));
    return all.filter((card) => card.state === "completed").sort((one, other) => other.state_changed_ms - one.state_changed_ms);
  }

  /** From placed to handed over, of the recent orders; null without any. */
  get averageMs() {
    const done = this.recent;
    if (!done.length) return null;
    return done.reduce((sum, card) => sum + card.state_changed_ms - card.placed_ms, 0) / done.length;
  }

  /** How many of each thing are still to be made, most first. @returns {[string, number][]} */
  get allDay() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const card of this.open) {
      if (card.column === "ready" || card.state === "cancelled") continue;
      for (const { name, quantity } of card.lines) counts.set(name, (counts.get(name) ?? 0) + quantity);
    }
    return [...counts].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0]));
  }

  /** @param {Card} card @returns {Card} */
  #asExpected(card) {
    return this.#pending.reduce((now, command) => (concerns(command, now) ? applied(now, command, this.now()) : now), card);
  }
}

/** @param {Command} command @param {Card} card */
function concerns(command, card) {
  return command.order === card.id || card.tickets.some((ticket) => ticket.id === command.ticket);
}

/** @param {Card} card @param {Command} command @param {number} nowMs @returns {Card} */
function applied(card, command, nowMs) {
  if (command.type === "ticket.acknowledge") {
    const tickets = card.tickets.map((ticket) => (ticket.id === command.ticket ? { ...ticket, acknowledged_ms: nowMs } : ticket));
    const isSeen = card.state === "cancelled" && tickets.every((ticket) => ticket.kind !== "cancel" || ticket.acknowledged_ms);
    return { ...card, tickets, column: isSeen ? null : card.column };
  }
  if (command.version !== card.version) return card; // the server has moved on
  const state = command.type === "order.recall" ? RECALLED_TO[card.state] : command.type === "order.advance" ? command.to : null;
  const after = state ? AFTER[state] : undefined;
  if (!state || !after) return card;
  return { ...card, ...after, state, version: card.version + 1, can_recall: state in RECALLED_TO, state_changed_ms: nowMs };
}

/** What still has to be looked at before the card may move on. @param {Card} card @param {boolean} isAllergySeen */
export function firstDuty(card, isAllergySeen) {
  if (card.state === "cancelled") return "cancelled";
  if (card.tickets.some((ticket) => ticket.kind === "change" && !ticket.acknowledged_ms)) return "changed";
  return card.allergies.length && !isAllergySeen ? "allergy" : null;
}

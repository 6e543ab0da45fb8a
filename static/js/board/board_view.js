// @ts-check
/** The columns, the top bar and the panels of the board. Only shows. */

import { element, icon, part, setText } from "../lib/dom.js";
import { clockText, elapsedText, linkHealth } from "./age.js";
import { cardElement, showTimes } from "./card_view.js";
import { COLUMNS } from "./state.js";

/** @typedef {import("./state.js").Board} Board */
/** @typedef {import("./state.js").Card} Card */
/** @typedef {import("../lib/text.js").Text} Text */
/** @typedef {import("./kitchen.js").Kitchen} Kitchen */

export class BoardView {
  #root;
  #text;
  #language;
  #board;
  #kitchen;
  /** @type {Map<string, { node: HTMLElement, mark: string }>} */
  #drawn = new Map();
  /** Items tapped as done, by order. @type {Map<string, Set<number>>} */
  #done = new Map();
  /** @type {number | null} */
  #lostSinceMs = null;

  /** @param {HTMLElement} root @param {{ text: Text, language: string, board: Board, kitchen: Kitchen }} parts */
  constructor(root, { text, language, board, kitchen }) {
    this.#root = root;
    this.#text = text;
    this.#language = language;
    this.#board = board;
    this.#kitchen = kitchen;
  }

  /** Cards that changed are drawn anew, the others stay, so focus and taps under way are kept. */
  showCards() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-card]") ?? null)?.dataset.card;
    const wasButton = document.activeElement?.matches("[data-act]");
    for (const column of COLUMNS) {
      const cards = this.#board.column(column);
      setText(part(this.#root, "count", column), String(cards.length));
      const place = part(this.#root, "column", column);
      place.replaceChildren(...cards.map((card) => this.#nodeOf(card)));
      part(this.#root, "empty", column).hidden = cards.length > 0 || !this.#board.hasSnapshot;
    }
    const open = new Set(this.#board.open.map(({ id }) => id));
    for (const id of this.#drawn.keys()) if (!open.has(id)) this.#drawn.delete(id);
    setText(part(this.#root, "open-count"), this.#text("board.open", { count: open.size }));
    this.#showAverage();
    this.#showAllDay();
    this.showTime();
    if (focused && !this.#root.contains(document.activeElement)) this.focusCard(focused, Boolean(wasButton));
  }

  #showAverage() {
    const ms = this.#board.averageMs;
    setText(part(this.#root, "average"), ms === null ? "" : this.#text("board.average", { time: elapsedText(ms) }));
  }

  /** @param {Card} card */
  #nodeOf(card) {
    const done = this.#done.get(card.id) ?? new Set();
    const look = {
      text: this.#text,
      language: this.#language,
      timeZone: this.#board.timeZone,
      duty: this.#kitchen.dutyOf(card),
      isPending: this.#board.isPending(card.id),
      canCancel: this.#board.canCancel,
      done,
    };
    const mark = JSON.stringify([card, look.duty, look.isPending, [...done]]);
    const drawn = this.#drawn.get(card.id);
    if (drawn?.mark === mark) return drawn.node;
    const node = cardElement(card, look);
    if (drawn?.node.contains(document.activeElement)) queueMicrotask(() => this.focusCard(card.id, true));
    this.#drawn.set(card.id, { node, mark });
    return node;
  }

  /** An item is done, or not after all. @param {string} card @param {number} position */
  toggleDone(card, position) {
    const done = this.#done.get(card) ?? new Set();
    if (!done.delete(position)) done.add(position);
    this.#done.set(card, done);
    this.showCards();
    const again = this.#drawn.get(card)?.node.querySelector(`[data-line="${position}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {string} id @param {boolean} onButton */
  focusCard(id, onButton) {
    const node = this.#drawn.get(id)?.node;
    const target = onButton ? node?.querySelector("[data-act]") : node;
    if (target instanceof HTMLElement) target.focus();
  }

  /** Clock and ages, each second. */
  showTime() {
    const nowMs = this.#board.now();
    setText(part(this.#root, "clock"), clockText(nowMs, this.#board.timeZone, this.#language));
    for (const card of this.#board.open) {
      const drawn = this.#drawn.get(card.id);
      if (drawn) showTimes(drawn.node, card, { nowMs, dueSoonMs: this.#board.dueSoonMs, text: this.#text });
    }
  }

  /** How old the last heartbeat is, in words; the red bar when orders would be missed. @param {{ ageMs: number, refusal: string | null, isOpen: boolean }} link */
  showLink({ ageMs, refusal }) {
    const health = refusal ? "lost" : linkHealth(ageMs);
    const state = part(this.#root, "link");
    const alarm = part(this.#root, "alarm");
    const isStarting = !this.#board.hasSnapshot && health !== "lost";
    state.dataset.health = isStarting ? "starting" : health;
    const seconds = Math.floor(ageMs / 1000);
    setText(part(state, "link-text"), this.#text(isStarting ? "board.link_starting" : `board.link_${health}`, { seconds }));
    part(state, "link-icon").replaceChildren(icon(health === "live" ? "link" : "link-off"));
    alarm.hidden = health !== "lost";
    if (health !== "lost") this.#lostSinceMs = null;
    else this.#showAlarm(alarm, ageMs, refusal);
  }

  /** @param {HTMLElement} alarm @param {number} ageMs @param {string | null} refusal */
  #showAlarm(alarm, ageMs, refusal) {
    this.#lostSinceMs ??= this.#board.now() - ageMs;
    const time = clockText(this.#lostSinceMs, this.#board.timeZone, this.#language);
    setText(part(alarm, "alarm-text"), this.#text("board.not_receiving", { time }));
    setText(part(alarm, "alarm-why"), this.#text(refusal ? `board.refused_${refusal}` : "board.not_receiving_why"));
  }

  /** @param {string} state */
  showSound(state) {
    const button = part(this.#root, "sound");
    button.dataset.state = state;
    button.replaceChildren(icon(state === "on" ? "sound" : "sound-off"), element("span", {}, this.#text(`board.sound_${state}`)));
  }

  #showAllDay() {
    const rows = this.#board.allDay.map(([name, count]) => element("li", {}, element("strong", {}, `${count} ×`), ` ${name}`));
    part(document, "all-day-list").replaceChildren(...rows);
    part(document, "all-day-empty").hidden = rows.length > 0;
  }

  /** Recently completed orders, each with a way back. */
  showRecent() {
    const rows = this.#board.recent.map((card) => {
      const name = this.#text("board.recall_order", { number: card.number });
      const lines = card.lines.map(({ quantity, name: item }) => `${quantity} × ${item}`).join(", ");
      return element(
        "li",
        {},
        element("div", {}, element("strong", {}, `${card.number}`), " ", element("span", { class: "soft small" }, lines)),
        element("button", { type: "button", class: "button", "data-recall-order": card.id, "aria-label": name }, icon("undo"), this.#text("board.recall")),
      );
    });
    part(document, "recent-list").replaceChildren(...rows);
    part(document, "recent-empty").hidden = rows.length > 0;
  }

  /** The cards as they stand, column by column: for the arrows. @returns {string[][]} */
  get grid() {
    return COLUMNS.map((column) => this.#board.column(column).map(({ id }) => id));
  }
}

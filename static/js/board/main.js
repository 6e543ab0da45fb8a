// @ts-check
/** Starts the staff board: link, state, views, sound and keys. */

import { pageData, part, setText } from "../lib/dom.js";
import { Owner } from "../lib/owner.js";
import { textOf } from "../lib/text.js";
import { BoardView } from "./board_view.js";
import { Chime } from "./chime.js";
import { listenToKeys } from "./keyboard.js";
import { Kitchen, UNDO_MS } from "./kitchen.js";
import { BoardLink } from "./link.js";
import { CancelQuestion, closeByTap, panel, Toast } from "./panels.js";
import { Board } from "./state.js";

/** @typedef {import("../lib/text.js").Text} Text */

const REFUSAL_MS = 8_000;

/** @param {HTMLElement} root */
function start(root) {
  const owner = new Owner();
  const { socket = "", language = "en", timeZone } = root.dataset;
  const text = textOf(pageData("page-words"), language);
  const board = new Board(timeZone);
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const link = new BoardLink(owner, { url: `${scheme}://${location.host}${socket}` });
  const kitchen = new Kitchen({ board, send: (command) => link.send(command) });
  const view = new BoardView(root, { text, language, board, kitchen });
  const toast = new Toast(owner);
  const sound = soundMemory();
  const chime = new Chime(owner, { isWanted: sound.read() });
  chime.onChange = () => {
    sound.write(chime.isWanted);
    view.showSound(chime.state);
  };
  kitchen.onChange = () => view.showCards();
  kitchen.onBumped = (card) =>
    toast.show(text(`board.bumped_${card.next}`, { number: card.number }), UNDO_MS, { name: text("board.undo"), run: () => kitchen.recall(card.id) });
  link.onOpen = () => {
    if (board.hasSnapshot) link.send({ type: "board.resync", sequence: board.sequence });
    kitchen.resend();
  };
  link.onMessage = (message) => receive(message, { board, kitchen, link, view, chime, toast, text });
  link.onChange = () => view.showLink(link);
  wire({ root, owner, kitchen, view, chime, toast, board });
  owner.every(1_000, () => {
    view.showLink(link);
    view.showTime();
  });
  owner.listen(window, "online", () => link.retry());
  owner.listen(window, "pagehide", (event) => !event.persisted && owner.close());
  view.showSound(chime.state);
  view.showCards();
  link.start();
}

/** @param {any} message @param {{ board: Board, kitchen: Kitchen, link: BoardLink, view: BoardView, chime: Chime, toast: Toast, text: Text }} parts */
function receive(message, { board, kitchen, link, view, chime, toast, text }) {
  switch (message.type) {
    case "board.snapshot":
      board.takeSnapshot(message);
      break;
    case "board.change":
      if (board.takeChange(message) === "gap") link.send({ type: "board.resync", sequence: board.sequence });
      else if (message.kind === "placed") {
        chime.ring();
        say(text("board.new_order", { number: message.card.number }));
      }
      break;
    case "board.heartbeat":
      board.setClock(message.server_ms);
      if (message.sequence > board.sequence) link.send({ type: "board.resync", sequence: board.sequence });
      return;
    case "command.done":
      board.done(message.id);
      break;
    case "command.refused":
      board.settle(message.id);
      if (message.card) board.takeCard(message.card);
      toast.show(message.text, REFUSAL_MS);
      break;
  }
  view.showLink(link);
  kitchen.onChange();
}

/** @param {{ root: HTMLElement, owner: Owner, kitchen: Kitchen, view: BoardView, chime: Chime, toast: Toast, board: Board }} parts */
function wire({ root, owner, kitchen, view, chime, toast, board }) {
  const open = (/** @type {string} */ name) => {
    if (name === "recent") view.showRecent();
    if (!panel(name).open) panel(name).showModal();
  };
  for (const name of ["help", "all-day", "recent"]) owner.listen(part(root, `${name}-open`), "click", () => open(name));
  closeByTap(owner);
  const question = new CancelQuestion(owner);
  question.onReason = (order, reason) => kitchen.cancel(order, reason);
  owner.listen(part(root, "sound"), "click", () => chime.toggle());
  owner.listen(part(root, "columns"), "click", (event) => tapped(event, { kitchen, view, board, question }));
  owner.listen(part(root, "columns"), "dblclick", ({ target }) => {
    const id = target.closest("button:not([data-line])") ? null : cardId(target);
    if (id) kitchen.act(id);
  });
  owner.listen(part(document, "recent-list"), "click", ({ target }) => {
    const id = target.closest("[data-recall-order]")?.dataset.recallOrder;
    if (!id) return;
    kitchen.recall(id);
    view.showRecent();
  });
  listenToKeys(owner, {
    act: () => void (currentCard() && kitchen.act(/** @type {string} */ (currentCard()))),
    recall: () => kitchen.recall(),
    undo: () => toast.press(),
    sound: () => chime.toggle(),
    help: () => open("help"),
    allDay: () => open("all-day"),
    move: (rows, columns) => moveFocus(view, rows, columns),
  });
}

/** @param {any} event @param {{ kitchen: Kitchen, view: BoardView, board: Board, question: CancelQuestion }} parts */
function tapped({ target }, { kitchen, view, board, question }) {
  const id = cardId(target);
  if (!id) return;
  const line = target.closest("[data-line]");
  if (line) view.toggleDone(id, Number(line.dataset.line));
  else if (target.closest("[data-act]")) kitchen.act(id);
  else if (target.closest("[data-cancel]")) question.ask(id, board.card(id)?.number ?? 0);
}

/** @param {Element} target @returns {string | null} */
function cardId(target) {
  return /** @type {HTMLElement | null} */ (target.closest("[data-card]"))?.dataset.card ?? null;
}

function currentCard() {
  return document.activeElement ? cardId(document.activeElement) : null;
}

/** @param {BoardView} view @param {number} rows @param {number} columns */
function moveFocus(view, rows, columns) {
  const grid = view.grid;
  const current = currentCard();
  let column = grid.findIndex((cards) => current !== null && cards.includes(current));
  if (column < 0) {
    const first = grid.flat()[0];
    if (first) view.focusCard(first, false);
    return;
  }
  let row = /** @type {string[]} */ (grid[column]).indexOf(/** @type {string} */ (current)) + rows;
  for (let next = column + columns; columns && next >= 0 && next < grid.length; next += columns) {
    if (grid[next]?.length) {
      column = next;
      break;
    }
  }
  const cards = /** @type {string[]} */ (grid[column]);
  row = Math.max(0, Math.min(cards.length - 1, row));
  view.focusCard(/** @type {string} */ (cards[row]), false);
}

/** @param {string} words */
function say(words) {
  setText(part(document, "announcer"), words);
}

function soundMemory() {
  const key = "comanda.board.sound";
  return {
    read: () => {
      try {
        return localStorage.getItem(key) !== "off";
      } catch {
        return true; // storage is blocked: sound is wanted until someone says otherwise
      }
    },
    write: (/** @type {boolean} */ isWanted) => {
      try {
        localStorage.setItem(key, isWanted ? "on" : "off");
      } catch {
        // For this page only, then.
      }
    },
  };
}

for (const root of document.querySelectorAll("[data-board]")) if (root instanceof HTMLElement) start(root);

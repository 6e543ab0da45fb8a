// @ts-check
/** One order as a card. Drawn anew when the order changes; the times tick in place. */

import { element, icon, setText } from "../lib/dom.js";
import { clockText, elapsedText, urgencyOf } from "./age.js";

/** @typedef {import("./state.js").Card} Card */
/** @typedef {import("./state.js").CardLine} CardLine */
/** @typedef {import("./state.js").CardOption} CardOption */
/** @typedef {import("../lib/text.js").Text} Text */
/** @typedef {{ text: Text, language: string, timeZone: string, duty: string | null, isPending: boolean, canCancel: boolean,
 *   done: Set<number> }} Look */

const CHANNEL_ICONS = /** @type {Record<string, string>} */ ({ web: "web", phone: "phone", staff: "staff" });

/** @param {Card} card @param {Look} look @returns {HTMLElement} */
export function cardElement(card, look) {
  const { text, duty } = look;
  const kinds = ["ticket-card", duty === "changed" && "is-changed", card.state === "cancelled" && "is-cancelled", look.isPending && "is-pending"];
  return element(
    "article",
    { class: kinds.filter(Boolean).join(" "), "data-card": card.id, tabindex: "-1", "aria-labelledby": `number-${card.id}` },
    bandOf(card, look),
    head(card, look),
    element("ol", { class: "card-lines" }, ...card.lines.map((line) => lineElement(line, look))),
    element(
      "footer",
      { class: "card-foot" },
      element("button", { type: "button", class: `button is-large ${duty ? "is-duty" : "is-accent"}`, "data-act": true }, actionName(card, look)),
      look.canCancel && card.state !== "cancelled" && element("button", { type: "button", class: "icon-button", "data-cancel": true }, icon("close"), hidden(text("board.cancel_order", { number: card.number }))),
    ),
  );
}

/** @param {Card} card @param {Look} look */
function actionName(card, { text, duty }) {
  return duty ? text(`board.duty_${duty}`) : text(`board.next_${card.next}`);
}

/** @param {Card} card @param {Look} look */
function bandOf(card, { text, duty }) {
  if (card.state === "cancelled") return element("p", { class: "band is-bad" }, icon("close"), text("board.cancelled"));
  const changed = duty === "changed" && element("p", { class: "band is-changed" }, icon("warn"), text("board.changed"));
  if (!card.allergies.length) return changed || null;
  const names = card.allergies.join(", ");
  const band = element("p", { class: "band is-allergy" }, icon("allergy"), element("strong", {}, text("board.allergy")), ` ${names}`);
  return changed ? element("div", {}, band, changed) : band;
}

/** @param {Card} card @param {Look} look */
function head(card, { text, language, timeZone }) {
  const channel = element("span", { class: "channel" }, icon(CHANNEL_ICONS[card.channel] ?? "web"), text(`board.channel_${card.channel}`));
  const name = card.customer_name && element("span", { dir: "auto" }, card.customer_name);
  const due = element("span", {}, text("board.due", { time: clockText(card.promised_ms, timeZone, language) }));
  return element(
    "header",
    { class: "card-head" },
    element("h3", { class: "card-number", id: `number-${card.id}` }, hidden(`${text("board.order")} `), String(card.number)),
    element("div", { class: "card-facts" }, channel, name, element("span", {}, text(`board.fulfilment_${card.fulfilment}`))),
    element("div", { class: "card-times" }, element("span", { class: "card-elapsed", "data-elapsed": true }), due, element("span", { class: "urgency", "data-urgency": true })),
  );
}

/** @param {CardLine} line @param {Look} look */
function lineElement(line, { text, done }) {
  const isDone = done.has(line.position);
  const parts = line.parts.map((part) =>
    element(
      "li",
      { class: `card-part is-${part.kind}` },
      element("span", { class: "part-name", dir: "auto" }, part.kind === "half" ? `½ ${part.name}` : part.name),
      options(part.options),
    ),
  );
  return element(
    "li",
    { class: `card-line${isDone ? " is-done" : ""}` },
    element(
      "button",
      { type: "button", class: "line-name", "data-line": line.position, "aria-pressed": String(isDone) },
      element("span", { class: "line-count" }, `${line.quantity} ×`),
      element("span", { dir: "auto" }, line.name),
    ),
    options(line.options),
    parts.length > 0 && element("ul", { class: "card-parts" }, ...parts),
    line.note && element("p", { class: "line-note", dir: "auto" }, icon("info"), hidden(text("board.note")), line.note),
  );
}

/** @param {CardOption[]} list */
function options(list) {
  if (!list.length) return null;
  const rows = list.map(({ text, is_left_out: isLeftOut }) =>
    element("li", { class: isLeftOut ? "is-left-out" : null, dir: "auto" }, isLeftOut ? icon("minus") : null, text),
  );
  return element("ul", { class: "line-options" }, ...rows);
}

/** @param {string} words */
function hidden(words) {
  return element("span", { class: "visually-hidden" }, words);
}

/**
 * What changes each second.
 * @param {HTMLElement} node @param {Card} card @param {{ nowMs: number, dueSoonMs: number, text: Text }} clock
 */
export function showTimes(node, card, { nowMs, dueSoonMs, text }) {
  const elapsed = node.querySelector("[data-elapsed]");
  const urgent = node.querySelector("[data-urgency]");
  if (!(elapsed instanceof HTMLElement) || !(urgent instanceof HTMLElement)) return;
  const isOver = card.column === "ready" || card.state === "cancelled";
  const { urgency, minutes } = isOver ? { urgency: "calm", minutes: 0 } : urgencyOf(card.promised_ms, nowMs, dueSoonMs);
  setText(elapsed, elapsedText(nowMs - card.placed_ms));
  setText(urgent, urgency === "calm" ? "" : text(`board.urgency_${urgency}`, { minutes }));
  node.dataset.urgency = urgency;
}

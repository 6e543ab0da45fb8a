// @ts-check
/** The board by keyboard or bump bar: arrows choose a card, the rest are single keys. */

/** @typedef {{ act: () => void, recall: () => void, undo: () => void, sound: () => void, help: () => void, allDay: () => void,
 *   move: (rows: number, columns: number) => void }} Deeds */

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
/** @type {Record<string, keyof Deeds>} */
const KEYS = { Enter: "act", r: "recall", u: "undo", s: "sound", a: "allDay", "?": "help" };

/** @param {import("../lib/owner.js").Owner} owner @param {Deeds} deeds */
export function listenToKeys(owner, deeds) {
  owner.listen(document, "keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event)) return;
    const move = MOVES[event.key];
    const name = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (move) deeds.move(...move);
    else if (name && name !== "move") deeds[name]();
    else return;
    event.preventDefault();
  });
}

/** A key for a button, a field or an open dialog is not for the board. @param {KeyboardEvent} event */
function isElsewhere(event) {
  const target = event.target instanceof Element ? event.target : null;
  if (document.querySelector("dialog[open]") || target?.matches("input, textarea, select")) return true;
  return event.key === "Enter" && Boolean(target?.closest("button, a"));
}

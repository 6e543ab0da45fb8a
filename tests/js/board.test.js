import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { elapsedText, linkHealth, urgencyOf } from "../../static/js/board/age.js";
import { Kitchen } from "../../static/js/board/kitchen.js";
import { BoardLink } from "../../static/js/board/link.js";
import { Board } from "../../static/js/board/state.js";
import { Owner } from "../../static/js/lib/owner.js";
import { FakeSocket } from "./fakes.js";

const card = (number, extra = {}) => ({ id: `o${number}`, number, channel: "web", fulfilment: "pickup", state: "submitted", column: "new", next: "in_progress", can_recall: false, version: 1, placed_ms: number * 1000, promised_ms: 900_000, state_changed_ms: number * 1000, customer_name: "", allergies: [], lines: [{ position: 1, quantity: 2, name: "Pizza", station: "oven", options: [], parts: [] }], tickets: [], units: 2, total_text: "$20", ...extra });
const snapshot = (orders, extra = {}) => ({ type: "board.snapshot", sequence: 10, server_ms: Date.now(), restaurant: { slug: "casa", name: "Casa", time_zone: "UTC" }, orders, recent: [], stations: [], can_cancel: false, heartbeat_s: 2, due_soon_s: 180, ...extra });
const change = (sequence, now, extra = {}) => ({ type: "board.change", sequence, server_ms: Date.now(), kind: "advanced", command: "", card: now, ...extra });

function boardWith(...orders) {
  const board = new Board();
  board.takeSnapshot(snapshot(orders));
  return board;
}

describe("board", () => {
  it("stands oldest first in each column", () => {
    const board = boardWith(card(3), card(1), card(2, { column: "ready", state: "ready" }));
    assert.deepEqual(board.column("new").map(({ number }) => number), [1, 3]);
    assert.deepEqual(board.column("ready").map(({ number }) => number), [2]);
  });

  it("takes changes in order, once", () => {
    const board = boardWith();
    assert.equal(board.takeChange(change(11, card(1))), "applied");
    assert.equal(board.takeChange(change(11, card(1, { column: "ready" }))), "known");
    assert.equal(board.column("new").length, 1);
  });

  it("notices that something was missed", () => {
    const board = boardWith();
    assert.equal(board.takeChange(change(13, card(1))), "gap");
    assert.equal(board.open.length, 0);
    assert.equal(board.sequence, 10);
  });

  it("keeps completed orders for a recall, newest first and not for ever", () => {
    const board = boardWith();
    for (let i = 1; i <= 20; i += 1) board.takeChange(change(10 + i, card(i, { state: "completed", column: null, next: null, can_recall: true })));
    assert.equal(board.recent.length, 12);
    assert.equal(board.recent[0].number, 20);
    assert.equal(board.open.length, 0);
  });

  it("runs on the server's clock", () => {
    const board = new Board();
    board.setClock(5_000_000, 1_000);
    assert.equal(board.now(3_000), 5_002_000);
  });

  it("adds up what is still to be made", () => {
    const board = boardWith(card(1), card(2), card(3, { state: "ready", column: "ready" }), card(4, { state: "cancelled" }));
    assert.deepEqual(board.allDay, [["Pizza", 4]]);
  });

  it("averages the time from order to hand-over", () => {
    const board = boardWith();
    assert.equal(board.averageMs, null);
    board.takeCard(card(1, { state: "completed", column: null, placed_ms: 0, state_changed_ms: 600_000 }));
    board.takeCard(card(2, { state: "completed", column: null, placed_ms: 0, state_changed_ms: 300_000 }));
    assert.equal(board.averageMs, 450_000);
  });
});

function kitchenWith(board, isOnline = true) {
  const sent = [];
  let id = 0;
  const link = { isOnline };
  const kitchen = new Kitchen({ board, newId: () => `c${(id += 1)}`, send: (command) => link.isOnline && Boolean(sent.push(command)) });
  return { kitchen, sent, link };
}

describe("kitchen", () => {
  it("moves a card on at once, before the server has answered", () => {
    const board = boardWith(card(1));
    const { kitchen, sent } = kitchenWith(board);
    kitchen.act("o1");
    assert.deepEqual(sent, [{ type: "order.advance", id: "c1", order: "o1", to: "in_progress", version: 1 }]);
    assert.equal(board.column("cooking")[0].next, "ready");
    assert.ok(board.isPending("o1"));
    board.takeChange(change(11, card(1, { state: "in_progress", column: "cooking", next: "ready", version: 2, can_recall: true }), { command: "c1" }));
    assert.ok(!board.isPending("o1"));
    assert.equal(board.column("cooking").length, 1);
  });

  it("leaves the card where it went while the answer is there and the change is not yet", () => {
    const board = boardWith(card(1));
    const { kitchen, sent } = kitchenWith(board);
    kitchen.act("o1");
    board.done("c1");
    assert.equal(board.column("cooking").length, 1);
    kitchen.resend();
    assert.equal(sent.length, 1, "what is done is not sent again");
    kitchen.act("o1");
    assert.equal(sent[1].version, 2);
    board.takeChange(change(11, card(1, { state: "in_progress", column: "cooking", next: "ready", version: 2 }), { command: "c1" }));
    assert.equal(board.column("ready").length, 1);
    board.done("c2");
    board.takeChange(change(12, card(1, { state: "ready", column: "ready", next: "completed", version: 3 })));
    assert.ok(!board.isPending("o1"));
  });

  it("puts the card back where it was when the server refuses", () => {
    const board = boardWith(card(1));
    const { kitchen } = kitchenWith(board);
    kitchen.act("o1");
    board.settle("c1");
    assert.equal(board.column("new").length, 1);
  });

  it("keeps bumps made without a connection and sends them in order, with the same ids", () => {
    const board = boardWith(card(1));
    const { kitchen, sent, link } = kitchenWith(board, false);
    kitchen.act("o1");
    kitchen.act("o1");
    assert.equal(board.column("ready").length, 1);
    link.isOnline = true;
    kitchen.resend();
    kitchen.resend();
    assert.deepEqual(sent.map(({ id, to, version }) => [id, to, version]), [["c1", "in_progress", 1], ["c2", "ready", 2], ["c1", "in_progress", 1], ["c2", "ready", 2]]);
  });

  it("lets another display's move win over a bump that came too late", () => {
    const board = boardWith(card(1));
    const { kitchen } = kitchenWith(board, false);
    kitchen.act("o1");
    board.takeChange(change(11, card(1, { state: "ready", column: "ready", next: "completed", version: 3 })));
    assert.equal(board.column("ready").length, 1);
    assert.equal(board.column("cooking").length, 0);
  });

  it("takes the last bump back", () => {
    const board = boardWith(card(1, { state: "ready", column: "ready", next: "completed", version: 4, can_recall: true }));
    const { kitchen, sent } = kitchenWith(board);
    kitchen.act("o1");
    assert.equal(board.open.length, 0);
    assert.equal(board.recent.length, 1);
    kitchen.recall();
    assert.equal(board.column("ready").length, 1);
    assert.deepEqual(sent[1], { type: "order.recall", id: "c2", order: "o1", version: 5 });
  });

  it("recalls what was handed over last when nothing was bumped here", () => {
    const board = boardWith();
    board.takeCard(card(1, { state: "completed", column: null, can_recall: true, version: 5, state_changed_ms: 1 }));
    board.takeCard(card(2, { state: "completed", column: null, can_recall: true, version: 5, state_changed_ms: 2 }));
    const { kitchen, sent } = kitchenWith(board);
    kitchen.recall();
    assert.equal(sent[0].order, "o2");
  });

  it("has an allergy seen before the card can move", () => {
    const board = boardWith(card(1, { allergies: ["peanuts"] }));
    const { kitchen, sent } = kitchenWith(board);
    assert.equal(kitchen.dutyOf(board.card("o1")), "allergy");
    kitchen.act("o1");
    assert.equal(sent.length, 0);
    assert.equal(kitchen.dutyOf(board.card("o1")), null);
    kitchen.act("o1");
    assert.equal(sent[0].type, "order.advance");
  });

  it("has a cancellation seen, and only then takes the card away", () => {
    const tickets = [{ id: "t1", station: "oven", kind: "new", acknowledged_ms: 1 }, { id: "t2", station: "oven", kind: "cancel", acknowledged_ms: null }];
    const board = boardWith(card(1, { state: "cancelled", next: null, tickets }));
    const { kitchen, sent } = kitchenWith(board);
    assert.equal(board.column("new").length, 1);
    kitchen.act("o1");
    assert.deepEqual(sent, [{ type: "ticket.acknowledge", id: "c1", ticket: "t2" }]);
    assert.equal(board.open.length, 0);
  });
});

describe("times", () => {
  it("read as on a kitchen clock", () => {
    assert.deepEqual([0, 59_999, 247_000, 3_720_000, -5].map(elapsedText), ["0:00", "0:59", "4:07", "1:02:00", "0:00"]);
  });

  it("turn urgent before the promised time and late after it", () => {
    assert.deepEqual(urgencyOf(600_000, 0, 180_000), { urgency: "calm", minutes: 10 });
    assert.deepEqual(urgencyOf(180_000, 0, 180_000), { urgency: "soon", minutes: 3 });
    assert.deepEqual(urgencyOf(0, 1, 180_000), { urgency: "late", minutes: 1 });
    assert.deepEqual(urgencyOf(0, 200_000, 180_000), { urgency: "late", minutes: 3 });
  });

  it("of the link turn amber, then red", () => {
    assert.deepEqual([0, 5_999, 6_000, 14_999, 15_000].map(linkHealth), ["live", "live", "stale", "stale", "lost"]);
  });
});

let clock = 0;

function linkOf(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const owner = new Owner();
  const link = new BoardLink(owner, { url: "ws://here/ws/r/casa/board", connect: (url) => new FakeSocket(url), now: () => clock, random: () => 0 });
  return { owner, link, tick: (ms) => ((clock += ms), t.mock.timers.tick(ms)) };
}

describe("board link", () => {
  beforeEach(() => {
    FakeSocket.made = [];
    clock = 0;
  });
  const last = () => FakeSocket.made.at(-1);

  it("knows how long ago the server last answered", (t) => {
    const { link, tick } = linkOf(t);
    link.start();
    last().accept();
    last().say({ type: "board.heartbeat", server_ms: 0, sequence: 1 });
    tick(700);
    assert.equal(link.ageMs, 700);
  });

  it("doesn't take an order that came for a sign that the database answers", (t) => {
    const { link, tick } = linkOf(t);
    link.start();
    last().accept();
    tick(3_000);
    last().say({ type: "command.done", id: "c1" });
    assert.equal(link.ageMs, 3_000);
  });

  it("leaves a connection that says nothing any more, and tries again", (t) => {
    const { link, tick } = linkOf(t);
    link.start();
    last().accept();
    for (let i = 0; i < 11; i += 1) tick(1_000);
    assert.equal(FakeSocket.made.length, 2);
    assert.equal(FakeSocket.made[0].readyState, 3);
    assert.ok(link.ageMs >= 11_000, "the age goes on over a new connection");
  });

  it("doesn't hammer on a door that stays shut", (t) => {
    const { link, tick } = linkOf(t);
    link.start();
    last().drop(4403);
    tick(120_000);
    assert.equal(FakeSocket.made.length, 1);
    assert.equal(link.refusal, "not_allowed");
  });

  it("takes no command while it is away", (t) => {
    const { link } = linkOf(t);
    link.start();
    assert.equal(link.send({ type: "order.advance" }), false);
    last().accept();
    assert.equal(link.send({ type: "order.advance" }), true);
    last().drop();
    assert.equal(link.send({ type: "order.advance" }), false);
  });

  it("frees every listener, timer and socket when the page goes", (t) => {
    const { owner, link, tick } = linkOf(t);
    link.start();
    last().drop();
    tick(500);
    last().accept();
    owner.close();
    tick(120_000);
    assert.equal(owner.size, 0);
    assert.deepEqual(FakeSocket.made.map(({ listeners }) => listeners), [0, 0]);
    assert.equal(FakeSocket.made.length, 2);
  });
});

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";

import { Owner } from "../../static/js/lib/owner.js";
import { Line, TRIES } from "../../static/js/order/line.js";
import { PollLink } from "../../static/js/order/poll_link.js";
import { VoiceSocket } from "../../static/js/order/socket.js";
import { FakeSocket, ready } from "./fakes.js";
import { settled } from "./uploads.js";

const WISH = { language: "en", captionsOnly: true, audio: null };

/** The call's endpoints; the test says what each message brings. */
class FakeCalls {
  constructor() {
    this.requests = [];
    this.fail = () => null;
    this.loseAnswer = () => false;
    this.brings = () => [];
    this.fetch = async (url, { body, headers }) => {
      const sent = JSON.parse(body);
      const request = { path: url.replace("/r/x/calls", ""), sent, session: headers.Authorization?.replace("Bearer ", "") };
      this.requests.push(request);
      const trouble = this.fail(request);
      if (trouble === "network") throw new TypeError("fetch failed");
      if (trouble) return new Response("{}", { status: trouble });
      if (this.loseAnswer(request)) throw new TypeError("reset");
      if (request.path === "") return json({ session: "p1", ready: ready({ session: "p1", mode: "batch" }), messages: this.brings(sent) }, 201);
      return json({ messages: this.brings(sent) });
    };
  }

  get told() {
    return this.requests.filter(({ path }) => path === "/messages").map(({ sent }) => sent.text ?? sent.type);
  }
}

const json = (body, status = 200) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

let owner;
let calls;

beforeEach(() => {
  owner = new Owner();
  calls = new FakeCalls();
  FakeSocket.made = [];
});

afterEach(() => owner.close());

function poll() {
  const link = new PollLink(owner, { url: "/r/x/calls", token: "t", freshToken: async () => "t2", fetch: calls.fetch, random: () => 0 });
  const seen = { links: [], messages: [] };
  link.onLink = (state, reason) => seen.links.push(reason ? `${state} ${reason}` : state);
  link.onMessage = (message) => seen.messages.push(message);
  return { link, seen };
}

describe("a call by requests", () => {
  it("is opened, and brings what a socket would have brought, in order", async () => {
    calls.brings = (sent) => [{ type: "caption", speaker: "assistant", turn: 1, text: sent.text ?? "Hi", final: true }];
    const { link, seen } = poll();
    link.send({ type: "text", text: "too early", ref: "p0" });
    link.open(WISH);
    link.send({ type: "text", text: "a coke", ref: "p1" });
    link.send({ type: "text", text: "and fries", ref: "p2" });
    await settled();
    assert.deepEqual(seen.links, ["connecting", "live"]);
    assert.deepEqual(seen.messages.map(({ type, text }) => text ?? type), ["session.ready", "Hi", "too early", "a coke", "and fries"]);
    assert.ok(calls.requests.slice(1).every(({ session }) => session === "p1"));
    assert.equal(link.session, "p1");
  });

  it("carries no sound and no housekeeping", async () => {
    const { link } = poll();
    link.open(WISH);
    await settled();
    for (const type of ["audio.start", "audio.stop", "playout", "ping", "speech.stop"]) link.send({ type });
    await settled();
    assert.deepEqual(calls.told, []);
  });

  it("doesn't send words twice whose answer got lost, and says so", async () => {
    const { link, seen } = poll();
    link.open(WISH);
    await settled();
    calls.loseAnswer = ({ sent }) => sent.text === "a coke";
    link.send({ type: "text", text: "a coke", ref: "p1" });
    link.send({ type: "text", text: "and fries", ref: "p2" });
    await settled();
    assert.deepEqual(calls.told, ["a coke", "and fries"]);
    assert.deepEqual(seen.messages.filter(({ type }) => type === "error").map(({ ref }) => ref), ["p1"]);
  });

  for (const [name, trouble, message] of [["was busy", 503, { type: "text", text: "a coke", ref: "p1" }], ["can't have placed it twice", "network", { type: "order.confirm", revision: 3, name: "", phone: "", ref: "p1" }]]) {
    it(`tries again by itself when the server ${name}`, async (t) => {
      t.mock.timers.enable({ apis: ["setTimeout"] });
      const { link, seen } = poll();
      link.open(WISH);
      await settled();
      calls.fail = () => trouble;
      link.send(message);
      await settled();
      assert.equal(seen.links.at(-1), "reconnecting lost");
      calls.fail = () => null;
      t.mock.timers.tick(1000);
      await settled();
      assert.deepEqual([calls.told.length, seen.links.at(-1)], [2, "live"]);
    });
  }

  it("gets a fresh token when the page's is too old", async () => {
    calls.fail = ({ sent }) => sent.token === "t" && 401;
    const { link, seen } = poll();
    link.open(WISH);
    await settled();
    assert.deepEqual([calls.requests.map(({ sent }) => sent.token), seen.links.at(-1)], [["t", "t2"], "live"]);
  });

  for (const [status, reason] of [[401, "expired"], [404, "expired"], [409, "taken_over"]]) {
    it(`ends with ${reason} when the call answers ${status}`, async () => {
      const { link, seen } = poll();
      link.open(WISH);
      await settled();
      calls.fail = () => status;
      link.send({ type: "text", text: "a coke", ref: "p1" });
      await settled();
      assert.equal(seen.links.at(-1), `ended ${reason}`);
    });
  }

  it("ends when the server says so, and says goodbye when the page does", async () => {
    const { link, seen } = poll();
    calls.brings = (sent) => (sent.text === "bye" ? [{ type: "ended", outcome: "completed", reason: "" }] : []);
    link.open(WISH);
    link.send({ type: "text", text: "bye", ref: "p1" });
    await settled();
    assert.equal(seen.links.at(-1), "ended completed");
    link.open(WISH);
    await settled();
    link.hangUp();
    await settled();
    assert.equal(calls.told.at(-1), "hangup");
  });
});

describe("the page's line", () => {
  function line({ isReachable = async () => true } = {}) {
    const socket = new VoiceSocket(owner, { url: "ws://here", token: "t", freshToken: async () => "t2", connect: (url) => new FakeSocket(url), random: () => 0 });
    const made = new Line({ socket, poll: poll().link, isReachable, sentence: "No socket." });
    const seen = { links: [], messages: [] };
    made.onLink = (state, reason) => seen.links.push(reason ? `${state} ${reason}` : state);
    made.onMessage = (message) => seen.messages.push(message);
    return { made, seen };
  }

  const last = () => FakeSocket.made.at(-1);

  /** The socket fails this often. */
  async function failing(t, times) {
    for (let time = 0; time < times; time += 1) {
      last().drop();
      await settled();
      t.mock.timers.tick(60_000);
      await settled();
    }
  }

  it("is the socket wherever one gets through", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const { made } = line();
    made.open(WISH);
    await failing(t, TRIES - 1);
    last().accept();
    last().say(ready());
    assert.deepEqual([made.link, made.session, made.isToldLive], ["live", "s1", true]);
    await failing(t, TRIES - 1);
    assert.equal(calls.requests.length, 0);
  });

  it("goes by requests where none does, and takes along what was typed meanwhile", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const { made, seen } = line();
    made.open(WISH);
    made.send({ type: "text", text: "a coke", ref: "p1" });
    await failing(t, TRIES + 1);
    assert.deepEqual([made.link, made.session, made.isToldLive], ["live", "p1", false]);
    assert.deepEqual(calls.told, ["a coke"]);
    assert.deepEqual(seen.messages.slice(0, 2).map(({ type }) => type), ["session.ready", "mode"]);
    assert.ok(!seen.links.some((state) => state.startsWith("ended")));
    made.send({ type: "text", text: "and fries", ref: "p2" });
    await settled();
    assert.deepEqual(calls.told, ["a coke", "and fries"]);
  });

  it("waits for the socket while nothing at all gets through", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    let isThere = false;
    const { made } = line({ isReachable: async () => isThere });
    made.open(WISH);
    await failing(t, TRIES + 5);
    assert.deepEqual([made.link, calls.requests.length], ["reconnecting", 0]);
    isThere = true; // back, sockets too
    last().drop();
    await settled();
    last().accept();
    last().say(ready());
    assert.deepEqual([made.link, made.isToldLive, calls.requests.length], ["live", true, 0]);
  });

  it("goes on with the same call when sockets stop working in the middle of it", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const { made, seen } = line();
    made.open(WISH);
    last().accept();
    last().say(ready());
    await failing(t, TRIES + 1);
    made.send({ type: "text", text: "and fries", ref: "p2" });
    await settled();
    assert.deepEqual(calls.requests.map(({ path, session }) => [path, session]), [["/messages", "s1"]]);
    const again = seen.messages.findLast(({ type }) => type === "session.ready");
    assert.deepEqual([again.session, again.resumed, again.mode], ["s1", true, "batch"]);
  });
});

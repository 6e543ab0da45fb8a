import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { Owner } from "../../static/js/lib/owner.js";
import { KEPT_MESSAGES, PING_MS, SILENT_MS, VoiceSocket } from "../../static/js/order/socket.js";
import { FakeSocket, pcm, ready, settle } from "./fakes.js";

const WISH = { language: "en", captionsOnly: false, audio: { sample_rate_hz: 16000, encoding: "pcm16", frame_ms: 20 } };

let clock = 0;
let tokens = 0;

function voiceSocket(t, extra = {}) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const owner = new Owner();
  const socket = new VoiceSocket(owner, {
    url: "ws://here/ws/r/casa/order",
    token: "first",
    freshToken: async () => `fresh ${(tokens += 1)}`,
    connect: (url) => new FakeSocket(url),
    now: () => clock,
    random: () => 0,
    ...extra,
  });
  const seen = { links: [], messages: [], audio: [] };
  socket.onLink = (link, reason) => seen.links.push(reason ? `${link} ${reason}` : link);
  socket.onMessage = (message) => seen.messages.push(message.type);
  socket.onAudio = (frame) => seen.audio.push(frame.seq);
  return { owner, socket, seen, tick: (ms) => ((clock += ms), t.mock.timers.tick(ms)) };
}

function goLive(socket, extra = {}) {
  socket.open(WISH);
  last().accept();
  last().say(ready(extra));
}

const last = () => FakeSocket.made.at(-1);

beforeEach(() => {
  FakeSocket.made = [];
  clock = 0;
  tokens = 0;
});

describe("voice socket", () => {
  it("starts a session with the page's token and its wish", (t) => {
    const { socket, seen } = voiceSocket(t);
    goLive(socket);
    assert.deepEqual(last().messages[0], {
      type: "session.start",
      token: "first",
      language: "en",
      audio: WISH.audio,
      captions_only: false,
      resume: null,
      next_seq: 0,
    });
    assert.deepEqual(seen.links, ["connecting", "live"]);
  });

  it("keeps what is said and tapped before the session is ready, in order", (t) => {
    const { socket } = voiceSocket(t);
    socket.open(WISH);
    socket.send({ type: "text", text: "a coke" });
    socket.sendAudio(pcm(1), true);
    socket.sendAudio(pcm(2), false);
    last().accept();
    assert.equal(last().messages.length, 1);
    last().say(ready());
    assert.equal(last().messages[1].text, "a coke");
    assert.deepEqual(last().frames, [[0, 1], [1, 0]]);
  });

  it("resumes after a drop and sends again only what the server has not taken", (t) => {
    const { socket, seen, tick } = voiceSocket(t);
    goLive(socket);
    for (let i = 0; i < 5; i += 1) socket.sendAudio(pcm(i), false);
    last().say({ type: "audio.ack", next_seq: 2 });
    last().drop();
    socket.sendAudio(pcm(5), false); // said while the connection was away
    tick(500);
    assert.equal(FakeSocket.made.length, 2);
    last().accept();
    const start = last().messages[0];
    assert.equal(start.resume, "s1");
    assert.equal(start.next_seq, 2);
    last().say(ready({ next_seq: 4, resumed: true })); // two more had arrived than were acknowledged
    assert.deepEqual(last().frames.map(([seq]) => seq), [4, 5]);
    assert.deepEqual(seen.links, ["connecting", "live", "reconnecting lost", "reconnecting", "live"]);
  });

  it("says everything kept to a new session, counted from 0, when the old one is gone", (t) => {
    const { socket, tick } = voiceSocket(t);
    goLive(socket);
    for (let i = 0; i < 3; i += 1) socket.sendAudio(pcm(i), false);
    last().say({ type: "audio.ack", next_seq: 1 });
    last().drop();
    tick(500);
    last().accept();
    last().say(ready({ session: "s2", next_seq: 0, resumed: false }));
    assert.deepEqual(last().frames.map(([seq]) => seq), [0, 1]);
    assert.equal(socket.session, "s2");
  });

  it("waits longer with each failure, and tries at once when the network is back", (t) => {
    const { socket, tick } = voiceSocket(t);
    socket.open(WISH);
    last().drop();
    tick(499);
    assert.equal(FakeSocket.made.length, 1);
    tick(1);
    assert.equal(FakeSocket.made.length, 2);
    last().drop();
    tick(999);
    assert.equal(FakeSocket.made.length, 2);
    socket.retry();
    assert.equal(FakeSocket.made.length, 3);
  });

  it("pings, and gives up a connection that has gone silent", (t) => {
    const { socket, seen, tick } = voiceSocket(t);
    goLive(socket);
    const first = last();
    tick(PING_MS);
    assert.equal(first.messages.at(-1).type, "ping");
    first.say({ type: "pong", t: 0, server_ms: 1 });
    tick(PING_MS);
    for (let waited = 0; waited < SILENT_MS; waited += PING_MS) tick(PING_MS);
    assert.equal(first.readyState, 3);
    assert.ok(seen.links.includes("reconnecting silent"));
    assert.ok(!seen.messages.includes("pong"));
  });

  it("gives up a connection that never answers", (t) => {
    const { socket, seen, tick } = voiceSocket(t);
    socket.open(WISH);
    last().accept();
    tick(8_000);
    assert.equal(seen.links.at(-1), "reconnecting no answer");
  });

  it("fetches a fresh token when the page's has expired, then resumes", async (t) => {
    const { socket, seen } = voiceSocket(t);
    socket.open(WISH);
    last().accept();
    last().drop(4402);
    await settle();
    last().accept();
    assert.equal(last().messages[0].token, "fresh 1");
    last().say(ready());
    assert.equal(seen.links.at(-1), "live");
  });

  it("says so when not even fresh tokens are taken", async (t) => {
    const { socket, seen } = voiceSocket(t);
    socket.open(WISH);
    for (let i = 0; i < 3; i += 1) {
      last().accept();
      last().drop(4401);
      await settle();
    }
    assert.equal(seen.links.at(-1), "ended expired");
  });

  it("goes on with the new session when the one it kept is refused", (t) => {
    const { socket, seen } = voiceSocket(t, { resume: "of another restaurant" });
    socket.open(WISH);
    socket.sendAudio(pcm(1), true);
    last().accept();
    assert.equal(last().messages[0].resume, "of another restaurant");
    last().say({ type: "error", code: "resume_refused", text: "", field: "resume", fatal: false });
    last().say(ready());
    assert.equal(seen.links.at(-1), "live");
    assert.equal(socket.session, "s1");
    assert.deepEqual(last().frames, [[0, 1]]);
  });

  for (const [code, reason] of [[4409, "taken_over"], [4440, "idle"], [4441, "too_long"], [4404, "failed"]]) {
    it(`doesn't come back after ${code}`, (t) => {
      const { socket, seen, tick } = voiceSocket(t);
      goLive(socket);
      last().drop(code);
      tick(60_000);
      assert.equal(FakeSocket.made.length, 1);
      assert.equal(seen.links.at(-1), `ended ${reason}`);
    });
  }

  it("keeps trying while the restaurant's lines are busy", (t) => {
    const { socket, seen, tick } = voiceSocket(t);
    socket.open(WISH);
    last().accept();
    last().drop(4503);
    assert.equal(seen.links.at(-1), "reconnecting busy");
    tick(500);
    assert.equal(FakeSocket.made.length, 2);
  });

  it("takes a new wish by resuming, without waiting", (t) => {
    const { socket } = voiceSocket(t);
    goLive(socket);
    socket.open({ ...WISH, captionsOnly: true });
    assert.equal(FakeSocket.made.length, 2);
    assert.equal(FakeSocket.made[0].closedWith, 1000);
    last().accept();
    assert.equal(last().messages[0].captions_only, true);
    assert.equal(last().messages[0].resume, "s1");
  });

  it("ends when the call has ended, and begins anew when asked", (t) => {
    const { socket, seen } = voiceSocket(t);
    goLive(socket);
    last().say({ type: "ended", outcome: "completed", reason: "" });
    assert.equal(seen.links.at(-1), "ended completed");
    goLive(socket, { session: "s2" });
    assert.equal(last().messages[0].resume, null);
  });

  it("keeps a bounded number of messages while away", (t) => {
    const { socket } = voiceSocket(t);
    socket.open(WISH);
    for (let i = 0; i < KEPT_MESSAGES + 10; i += 1) socket.send({ type: "text", text: String(i) });
    last().accept();
    last().say(ready());
    const texts = last().messages.filter(({ type }) => type === "text").map(({ text }) => text);
    assert.equal(texts.length, KEPT_MESSAGES);
    assert.equal(texts.at(-1), String(KEPT_MESSAGES + 9));
  });

  it("leaves a connection that can't carry the sound any more", (t) => {
    const { socket, seen } = voiceSocket(t);
    goLive(socket);
    last().bufferedAmount = 10_000_000;
    socket.sendAudio(pcm(1), false);
    assert.equal(seen.links.at(-1), "reconnecting slow");
  });

  it("frees every listener, timer and socket when the page goes", (t) => {
    const { owner, socket, tick } = voiceSocket(t);
    goLive(socket);
    last().drop();
    tick(500);
    last().accept();
    last().say(ready({ resumed: true }));
    owner.close();
    tick(120_000);
    assert.equal(owner.size, 0);
    assert.deepEqual(FakeSocket.made.map(({ listeners }) => listeners), [0, 0]);
    assert.equal(last().readyState, 3);
    assert.equal(FakeSocket.made.length, 2);
  });
});

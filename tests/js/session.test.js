import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";

import { Clip } from "../../static/js/audio/clip.js";
import { Audio } from "../../static/js/audio/context.js";
import { Microphone, MicrophoneError } from "../../static/js/audio/microphone.js";
import { Player } from "../../static/js/audio/player.js";
import { Recorder } from "../../static/js/audio/recorder.js";
import { WakeLock } from "../../static/js/audio/wake_lock.js";
import { Owner } from "../../static/js/lib/owner.js";
import { Call } from "../../static/js/order/call.js";
import { Recordings } from "../../static/js/order/recordings.js";
import { Sample } from "../../static/js/order/sample.js";
import { OrderSession } from "../../static/js/order/session.js";
import { VoiceSocket } from "../../static/js/order/socket.js";
import { FakeDevices } from "./devices.js";
import { FakeSocket, pcm, ready, settle } from "./fakes.js";

let devices;
let owners = [];

function page({ resume = null, kept = [] } = {}) {
  FakeSocket.made = [];
  const owner = new Owner();
  owners.push(owner);
  const audio = new Audio(owner, { Context: devices.Context, moduleUrls: ["resampler.js", "capture.js", "playback.js"] });
  const call = new Call();
  const socket = new VoiceSocket(owner, { url: "ws://here", token: "t", freshToken: async () => "t2", resume, connect: (url) => new FakeSocket(url), random: () => 0 });
  const player = new Player(owner, audio, { rateHz: 24000 });
  const microphone = new Microphone(owner, audio, { frameMs: 20 });
  const remembered = [];
  const store = { put: () => {}, remove: () => {}, takeAll: async () => kept };
  const recordings = new Recordings(owner, { call, recorder: new Recorder(owner, undefined), url: "/recordings", session: () => socket.session, isToldLive: () => call.link === "live", store });
  const session = new OrderSession({ call, socket, audio, clip: new Clip(owner, audio), player, microphone, recordings, store, wakeLock: new WakeLock(owner), language: "en", frameMs: 20, remember: (id) => remembered.push(id) });
  return { owner, audio, call, socket, player, microphone, session, remembered, sample: new Sample(owner, { call, session, socket, recordings, audio, player, frameMs: 20 }) };
}

const last = () => FakeSocket.made.at(-1);
const answer = (extra = {}) => {
  last().accept();
  last().say(ready(extra));
};

beforeEach(() => {
  devices = new FakeDevices();
});

afterEach(() => {
  for (const owner of owners) owner.close();
  owners = [];
});

describe("microphone", () => {
  it("is asked for with echo cancellation and captured through the worklet", async () => {
    const { session, socket, call } = page();
    let wish = null;
    const given = devices.getUserMedia;
    devices.getUserMedia = (asked) => {
      wish = asked;
      return given(asked);
    };
    await session.startTalking();
    assert.equal(wish.audio.echoCancellation, true);
    assert.equal(call.mic, "on");
    answer();
    devices.worklet("comanda-capture").port.onmessage({ data: { pcm: pcm(1, 2), level: 0.5, isFirstAfterGap: true } });
    assert.deepEqual(last().frames, [[0, 1]]);
    assert.equal(socket.link, "live");
  });

  for (const [name, problem] of [["NotAllowedError", "denied"], ["NotFoundError", "missing"], ["NotReadableError", "busy"], ["TypeError", "unsupported"]]) {
    it(`that is ${problem} leaves a page that can type, and nothing held`, async () => {
      const { session, call } = page();
      devices.refusal = name;
      await session.startTalking();
      assert.equal(call.micProblem, problem);
      assert.equal(devices.live.tracks, 0);
      session.say("a coke");
      answer();
      assert.equal(last().messages[0].audio, null);
      assert.equal(last().messages[1].text, "a coke");
    });
  }

  it("is unsupported where there are no worklets, and nobody is asked for it", async () => {
    const { session, call, audio } = page();
    delete devices.Context.prototype.audioWorklet;
    devices.getUserMedia = () => assert.fail("asked");
    assert.equal(audio.isSupported, false);
    await session.startTalking();
    assert.equal(call.micProblem, "unsupported");
  });

  it("is given back when it is tapped off, and the server hears of it", async () => {
    const { session, call } = page();
    await session.toggleMicrophone();
    answer();
    assert.equal(devices.live.locks, 1);
    await session.toggleMicrophone();
    await settle();
    assert.deepEqual([devices.live.tracks, devices.live.locks, call.mic], [0, 0, "muted"]);
    assert.equal(last().messages.at(-1).type, "audio.stop");
    await session.toggleMicrophone();
    assert.equal(last().messages.at(-1).type, "audio.start");
    assert.equal(call.mic, "on");
  });

  it("that is tapped off while the browser still asks is not left open", async () => {
    const { session, call } = page();
    const asking = session.toggleMicrophone();
    await session.toggleMicrophone();
    await asking;
    assert.equal(call.mic, "off");
    assert.equal(devices.live.tracks, 0);
  });

  it("that is unplugged says so", async () => {
    const { session, call } = page();
    const troubles = [];
    session.onTrouble = (key) => troubles.push(key);
    await session.startTalking();
    answer();
    devices.track.dispatchEvent(new Event("ended"));
    assert.equal(call.mic, "muted");
    assert.deepEqual(troubles, ["order.mic_lost"]);
  });

  it("is closed when nobody can hear it any more", async () => {
    const { session, call } = page();
    await session.startTalking();
    answer();
    last().say({ type: "notice", code: "typed_only", text: "I can't hear you." });
    assert.equal(call.mic, "muted");
    assert.equal(devices.live.tracks, 0);
  });

  it("knows why it could not be had", () => {
    assert.equal(new MicrophoneError("busy").problem, "busy");
  });
});

describe("replies", () => {
  it("are not spoken to who types", () => {
    const { session } = page();
    session.say("a coke");
    answer();
    assert.equal(last().messages[0].captions_only, true);
  });

  it("are spoken from the moment somebody talks: the session goes on with sound", async () => {
    const { session } = page();
    session.say("a coke");
    answer();
    await session.startTalking();
    assert.equal(FakeSocket.made.length, 2);
    last().accept();
    const start = last().messages[0];
    assert.deepEqual([start.captions_only, start.resume, start.audio.sample_rate_hz], [false, "s1", 16000]);
  });

  it("fall silent with “captions only”, also in the middle of a session", async () => {
    const { session } = page();
    await session.startTalking();
    answer();
    session.wantSound(true);
    assert.equal(FakeSocket.made.length, 2);
    last().accept();
    assert.equal(last().messages[0].captions_only, true);
    assert.ok(last().messages[0].audio, "the microphone stays");
  });

  it("are played, and what was heard is reported, less what is still on its way to the ear", async () => {
    const { session, call } = page();
    await session.startTalking();
    answer();
    last().say({ type: "speech.start", response: 3, text: "Hi", interruptible: true });
    const frame = new Uint8Array([2, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 5, 0]).buffer;
    last().say(frame);
    const speaker = devices.worklet("comanda-playback");
    assert.deepEqual(speaker.port.sent.map(({ type, response }) => [type, response]), [["push", 3], ["end", 3]]);
    speaker.port.onmessage({ data: { response: 3, playedMs: 100, isFinished: false, level: 0 } });
    assert.deepEqual(last().messages.at(-1), { type: "playout", response: 3, played_ms: 70, finished: false });
    assert.equal(call.isSpeaking, true);
    speaker.port.onmessage({ data: { response: 3, playedMs: 150, isFinished: true, level: 0 } });
    assert.deepEqual(last().messages.at(-1), { type: "playout", response: 3, played_ms: 150, finished: true });
    assert.equal(call.isSpeaking, false);
  });

  it("that were cleared are not played, even when more of them comes", async () => {
    const { session } = page();
    await session.startTalking();
    answer();
    last().say({ type: "speech.clear", response: 3 });
    last().say(new Uint8Array([2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0]).buffer);
    const sent = devices.worklet("comanda-playback").port.sent;
    assert.deepEqual(sent.map(({ type }) => type), ["clear"]);
  });

  it("that could not be made are over at once", async () => {
    const { session } = page();
    await session.startTalking();
    answer();
    last().say({ type: "speech.end", response: 4, total_ms: 0 });
    assert.deepEqual(devices.worklet("comanda-playback").port.sent, [{ type: "end", response: 4 }]);
  });
});

describe("session", () => {
  it("asks for the parts of a meal once its line stands", () => {
    const { session } = page();
    const choice = {
      combo: "meal",
      addition: () => ({ edit: "add", item: "burger", combo: "meal" }),
      mealEdits: (line) => [{ edit: "combo_slot", line, slot: "drink", item: "cola" }],
    };
    session.add(choice);
    answer();
    const { ref } = last().messages[1];
    last().say({ type: "cart", cart: { revision: 1, lines: [{ id: "L7", combo: "meal" }] }, announcement: "", can_undo: true, ref });
    assert.deepEqual(last().messages[2].edits, [{ edit: "combo_slot", line: "L7", slot: "drink", item: "cola" }]);
  });

  it("says which basket the customer saw", () => {
    const { session } = page();
    session.say("a coke");
    answer();
    last().say({ type: "cart", cart: { revision: 8, lines: [] }, announcement: "", can_undo: false, ref: "" });
    session.edit([{ edit: "remove", line: "L1" }]);
    assert.equal(last().messages.at(-1).revision, 8);
  });

  it("sends again what died with its connection, and only that", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const { session } = page();
    session.say("a coke");
    answer();
    last().say({ type: "caption", speaker: "customer", turn: 1, text: "a coke", final: true });
    session.say("Two  pizzas"); // arrives, but its caption doesn't come back
    session.say("and fries"); // dies on the way
    last().drop();
    session.say("no wait"); // while nothing gets through
    t.mock.timers.tick(500);
    last().accept();
    last().say(ready({ resumed: true }));
    last().say({ type: "caption", speaker: "customer", turn: 1, text: "a coke", final: true });
    last().say({ type: "caption", speaker: "customer", turn: 2, text: "two pizzas", final: true });
    last().say({ type: "state", state: "listening" });
    assert.deepEqual(last().messages.filter(({ type }) => type === "text").map(({ text }) => text), ["no wait", "and fries"]);
  });

  it("sends an edit again only when the basket shows no sign of it", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    for (const [revision, times] of [[8, 1], [9, 0]]) {
      const { session } = page();
      session.say("a coke");
      answer();
      last().say({ type: "cart", cart: { revision: 8, lines: [] }, announcement: "", can_undo: false, ref: "" });
      session.edit([{ edit: "remove", line: "L1" }]);
      last().drop();
      t.mock.timers.tick(500);
      last().accept();
      last().say(ready({ resumed: true }));
      last().say({ type: "cart", cart: { revision, lines: [] }, announcement: "", can_undo: false, ref: "" });
      last().say({ type: "state", state: "listening" });
      assert.equal(last().messages.filter(({ type }) => type === "cart.edit").length, times, `revision ${revision}`);
    }
  });

  it("is remembered for a reload, and forgotten when it has ended", () => {
    const { session, remembered } = page();
    session.say("a coke");
    answer();
    last().say({ type: "ended", outcome: "completed", reason: "" });
    assert.deepEqual(remembered, ["s1", null]);
  });

  it("is taken up again after a reload, in silence", () => {
    const { session } = page({ resume: "old" });
    session.takeUp();
    last().accept();
    assert.deepEqual([last().messages[0].resume, last().messages[0].captions_only], ["old", true]);
  });

  it("isn't opened by looking at the page", () => {
    page().session.takeUp();
    assert.equal(FakeSocket.made.length, 0);
  });

  it("starts over with a new session", async () => {
    const { session, call } = page();
    await session.startTalking();
    answer();
    session.startOver();
    assert.equal(FakeSocket.made[0].messages.at(-1).type, "hangup");
    session.say("a coke");
    last().accept();
    assert.equal(last().messages[0].resume, null);
    assert.equal(call.mic, "muted");
  });
});

describe("closing the page", () => {
  it("gives back microphone, sound, screen, sockets, timers and listeners, whatever was going on", async () => {
    const { owner, session, sample } = page();
    await session.startTalking();
    answer();
    last().drop();
    globalThis.fetch = async () => ({ ok: true, arrayBuffer: async () => wavOf(3200) });
    const playing = sample.play(["a.wav"]);
    await settle();
    await settle();
    assert.ok(owner.size > 5, JSON.stringify(owner.held()));
    owner.close();
    await playing;
    await settle();
    assert.deepEqual(devices.live, { tracks: 0, nodes: 0, contexts: 0, locks: 0 });
    assert.equal(owner.size, 0);
    assert.ok(FakeSocket.made.every(({ listeners, readyState }) => listeners === 0 && readyState === 3));
    for (const worklet of devices.worklets) {
      assert.equal(worklet.port.onmessage, null);
      assert.equal(worklet.port.sent.at(-1), "close");
    }
  });
});

describe("sample order", () => {
  it("goes through the same socket as a voice, and can be stopped", async () => {
    const { session, sample, call } = page();
    globalThis.fetch = async () => ({ ok: true, arrayBuffer: async () => wavOf(16000) });
    const playing = sample.play(["a.wav"]);
    for (let i = 0; i < 10; i += 1) await settle();
    assert.equal(call.word, "connecting");
    answer();
    assert.equal(call.word, "sample");
    await new Promise((resolve) => setTimeout(resolve, 120));
    assert.ok(last().frames.length >= 3 && last().frames.length <= 7, `${last().frames.length} frames in 120 ms`);
    sample.stop();
    await playing;
    assert.equal(sample.isPlaying, false);
    assert.equal(call.word, "ready");
    session.startOver();
  });

  it("that can't be loaded fails loudly and holds nothing", async () => {
    const { sample, call } = page();
    globalThis.fetch = async () => ({ ok: false, status: 404 });
    await assert.rejects(sample.play(["a.wav"]));
    assert.equal(sample.isPlaying, false);
    assert.equal(call.isPlayingSample, false);
  });
});

function wavOf(samples) {
  const buffer = Buffer.alloc(44 + samples * 2);
  buffer.write("RIFF", 0);
  buffer.write("WAVEfmt ", 8);
  buffer.writeUInt32LE(16, 16);
  buffer.writeUInt16LE(1, 20);
  buffer.writeUInt16LE(1, 22);
  buffer.writeUInt32LE(16000, 24);
  buffer.writeUInt16LE(16, 34);
  buffer.write("data", 36);
  buffer.writeUInt32LE(samples * 2, 40);
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length);
}

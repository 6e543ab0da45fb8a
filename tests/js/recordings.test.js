import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";

import { Clip } from "../../static/js/audio/clip.js";
import { Audio } from "../../static/js/audio/context.js";
import { Microphone } from "../../static/js/audio/microphone.js";
import { Player } from "../../static/js/audio/player.js";
import { Recorder } from "../../static/js/audio/recorder.js";
import { WakeLock } from "../../static/js/audio/wake_lock.js";
import { Owner } from "../../static/js/lib/owner.js";
import { Call } from "../../static/js/order/call.js";
import { LONGEST_MS, Recordings, UNSPOKEN_MS } from "../../static/js/order/recordings.js";
import { OrderSession } from "../../static/js/order/session.js";
import { VoiceSocket } from "../../static/js/order/socket.js";
import { FakeDevices } from "./devices.js";
import { FakeMediaRecorder, FakeSocket, pcm, ready } from "./fakes.js";
import { FakeUploads, settled } from "./uploads.js";

const LOUD = 0.4;
const QUIET = 0.004;

let devices;
let owners = [];

function page({ resume = null, kept = [], Media = FakeMediaRecorder.knowing(["audio/webm;codecs=opus"]) } = {}) {
  FakeSocket.made = [];
  const owner = new Owner();
  owners.push(owner);
  const server = new FakeUploads();
  const audio = new Audio(owner, { Context: devices.Context, moduleUrls: ["resampler.js", "capture.js", "playback.js"] });
  const call = new Call();
  const socket = new VoiceSocket(owner, { url: "ws://here", token: "t", freshToken: async () => "t2", resume, connect: (url) => new FakeSocket(url), random: () => 0 });
  const player = new Player(owner, audio, { rateHz: 24000 });
  const microphone = new Microphone(owner, audio, { frameMs: 20 });
  const stored = new Map(kept.map((one) => [one.key, one]));
  const store = { put: (one) => stored.set(one.key, one), remove: (key) => stored.delete(key), takeAll: async () => kept };
  let keys = 0;
  const recordings = new Recordings(owner, { call, recorder: new Recorder(owner, Media), url: "/r/x/recordings", session: () => socket.session, isToldLive: () => call.link === "live", store, fetch: server.fetch, newKey: () => `k${(keys += 1)}`, random: () => 0 });
  const session = new OrderSession({ call, socket, audio, clip: new Clip(owner, audio), player, microphone, recordings, store, wakeLock: new WakeLock(owner), language: "en", frameMs: 20, remember: () => {} });
  const troubles = [];
  session.onTrouble = (key) => troubles.push(key);
  return { owner, call, socket, session, server, stored, troubles, recordings };
}

const last = () => FakeSocket.made.at(-1);

function answer(extra = {}) {
  last().accept();
  last().say(ready({ mode: "batch", ...extra }));
}

function hear(level, ms) {
  const { port } = devices.worklet("comanda-capture");
  for (let at = 0; at < ms; at += 20) port.onmessage?.({ data: { pcm: pcm(1, 2), level, isFirstAfterGap: false } });
}

/** Somebody says something; the recorder has this many bytes of it. */
async function speak(count = 5000) {
  hear(QUIET, 200);
  hear(LOUD, 400);
  FakeMediaRecorder.last.give(count);
  await settled();
}

const progress = (stage, recording = "r1") => last().say({ type: "progress", recording, stage, at_ms: 5 });

beforeEach(() => {
  devices = new FakeDevices();
});

afterEach(() => {
  for (const owner of owners) owner.close();
  owners = [];
});

describe("a batch call", () => {
  it("records from the first tap on, also what was said before the mode was known", async () => {
    const { session, call, server } = page();
    await session.startTalking();
    await speak();
    assert.equal(server.requests.length, 0, "nobody knows yet");
    answer();
    hear(LOUD, 20);
    await settled();
    assert.equal(server.only.bytes.length, 5000);
    assert.equal(call.word, "recording");
    assert.deepEqual(last().frames, [], "nothing is heard twice");
    await session.toggleMicrophone();
    await settled();
    assert.deepEqual([server.only.bytes.length, server.only.isFinished], [5033, true]);
    assert.deepEqual([devices.live.tracks, call.mic, call.recording.phase], [0, "off", "working"]);
    assert.ok(!last().messages.some(({ type }) => type === "audio.stop"));
  });

  it("sends by itself after 1.2 s of silence", async () => {
    const { session, call, server } = page();
    await session.startTalking();
    answer();
    await speak();
    hear(QUIET, 1100);
    assert.equal(call.mic, "on");
    hear(QUIET, 200);
    await settled();
    assert.deepEqual([call.mic, server.only.isFinished], ["off", true]);
  });

  it("sends while it is still being spoken", async () => {
    const { session, call, server } = page();
    await session.startTalking();
    answer();
    await speak();
    assert.deepEqual([server.only.bytes.length, call.mic], [5000, "on"]);
    assert.equal(call.recording.phase, "recording");
  });

  it("follows the stages over the socket, forward only, and is then done", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const { session, call } = page();
    const seen = [];
    const before = call.onChange;
    call.onChange = (changed) => {
      before(changed);
      const { recording } = call;
      const name = recording && `${recording.phase} ${recording.stage}`;
      if (changed.has("recording") && name !== seen.at(-1)) seen.push(name);
    };
    await session.startTalking();
    answer();
    await speak();
    await session.toggleMicrophone();
    await settled();
    for (const stage of ["received", "transcribing", "transcript", "understanding", "transcribing", "basket", "speaking", "done"]) progress(stage);
    assert.deepEqual(seen.slice(-7), ["working received", "working transcribing", "working transcript", "working understanding", "working basket", "done speaking", "done done"]);
    t.mock.timers.tick(3000);
    assert.equal(call.recording, null);
  });

  it("stops after a minute, sends that, and says so", async () => {
    const { session, server, troubles } = page();
    await session.startTalking();
    answer();
    hear(QUIET, 200);
    for (let at = 0; at < LONGEST_MS; at += 500) {
      hear(LOUD, 400);
      hear(QUIET, 100);
    }
    await settled();
    assert.equal(server.only.isFinished, true);
    assert.deepEqual(troubles, ["order.record_too_long"]);
  });

  it("turns the microphone off when nobody speaks, and sends nothing", async () => {
    const { session, call, server, troubles } = page();
    await session.startTalking();
    answer();
    hear(QUIET, UNSPOKEN_MS + 100);
    await settled();
    assert.deepEqual([call.mic, call.recording, server.requests.length], ["off", null, 0]);
    assert.deepEqual(troubles, ["order.record_nothing"]);
  });

  it("silences a reply before it records", async () => {
    const { session, call } = page();
    session.say("a coke");
    answer();
    last().say({ type: "speech.start", response: 1, text: "One coke.", interruptible: true });
    await session.startTalking();
    assert.ok(FakeSocket.made.some(({ messages }) => messages.some(({ type }) => type === "speech.stop")));
    assert.equal(call.word === "recording" || call.link === "reconnecting", true);
  });

  it("silences what is said while it records", async () => {
    const { session } = page();
    await session.startTalking();
    answer();
    await speak();
    last().say({ type: "speech.start", response: 4, text: "Are you still there?", interruptible: true });
    assert.equal(last().messages.at(-1).type, "speech.stop");
  });

  it("sends raw samples where the browser records nothing", async () => {
    const { session, server } = page({ Media: null });
    await session.startTalking();
    answer();
    hear(QUIET, 100);
    hear(LOUD, 300);
    await session.toggleMicrophone();
    await settled();
    assert.deepEqual([server.only.content_type, server.only.sample_rate_hz, server.only.bytes.length], ["audio/pcm", 16000, 20 * 4]);
  });

  it("asks how far it is while the socket is away", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const { session, call, server } = page();
    await session.startTalking();
    answer();
    await speak();
    await session.toggleMicrophone();
    await settled();
    server.only.told = { stage: "transcript" };
    last().drop();
    t.mock.timers.tick(1000);
    await settled();
    assert.equal(call.recording.stage, "transcript");
    assert.ok(server.requests.some(({ method, url }) => method === "GET" && url === "/r/x/recordings/r1"));
  });

  it("goes on with an upload over a lost connection", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const { session, call, server } = page();
    await session.startTalking();
    answer();
    server.failOn = () => "network";
    await speak();
    last().drop();
    await session.toggleMicrophone();
    await settled();
    assert.equal(call.recording.phase, "waiting");
    server.failOn = () => null;
    session.connectionIsBack();
    await settled();
    assert.deepEqual([server.only.bytes.length, server.only.isFinished], [5033, true]);
  });

  it("that failed is kept, and sent again as a recording of its own", async () => {
    const { session, call, server } = page();
    await session.startTalking();
    answer();
    await speak();
    await session.toggleMicrophone();
    await settled();
    server.only.told = { stage: "failed", failure: { code: "engine_unavailable", text: "" } };
    progress("failed");
    await settled();
    assert.deepEqual([call.recording.phase, call.recording.failure, call.recording.canSendAgain], ["failed", "engine_unavailable", true]);
    session.sendAgain();
    await settled();
    assert.deepEqual(server.recordings.map(({ key, bytes }) => [key, bytes.length]), [["k1", 5033], ["k2", 5033]]);
    assert.equal(call.recording.phase, "working");
  });

  it("forgets a failure when it is said anew", async () => {
    const { session, call, server } = page();
    await session.startTalking();
    answer();
    await speak();
    await session.toggleMicrophone();
    await settled();
    server.only.told = { stage: "failed", failure: { code: "recording_undecodable", text: "" } };
    progress("failed");
    await settled();
    assert.equal(call.recording.canSendAgain, false);
    await session.toggleMicrophone();
    await speak();
    await session.toggleMicrophone();
    await settled();
    assert.equal(call.recording.phase, "working");
  });

  it("keeps a whole recording for a reload until the server has it", async () => {
    const { session, server, stored } = page();
    await session.startTalking();
    answer();
    server.failOn = ({ url }) => url.endsWith("/finish") && "network";
    await speak();
    assert.equal(stored.size, 0);
    await session.toggleMicrophone();
    await settled();
    assert.deepEqual([...stored.values()].map(({ key, audio }) => [key, audio.size]), [["k1", 5033]]);
    server.failOn = () => null;
    session.sendAgain();
    await settled();
    assert.equal(stored.size, 0);
  });

  for (const [resumed, sent] of [[true, 1], [false, 0]]) {
    it(`after a reload ${resumed ? "goes on with what was kept" : "of an order that is gone sends nothing of it"}`, async () => {
      const audio = new Blob([new Uint8Array(900)]);
      const { session, server } = page({ resume: "old", kept: [{ key: "k-old", contentType: "audio/webm;codecs=opus", rateHz: null, audio }] });
      session.takeUp();
      answer({ resumed });
      await settled();
      assert.equal(server.recordings.length, sent);
      if (sent) assert.deepEqual([server.only.key, server.only.bytes.length, server.only.isFinished], ["k-old", 900, true]);
    });
  }
});

describe("a call that leaves streaming", () => {
  const toBatch = () => last().say({ type: "mode", mode: "batch", reason: "provider_dropped", text: "I now listen to one recording at a time." });

  it("streams from the first tap when the call does, and the recording beside it is forgotten", async () => {
    const { session, call, server } = page();
    await session.startTalking();
    hear(QUIET, 100);
    hear(LOUD, 200);
    answer({ mode: "streaming" });
    hear(LOUD, 100);
    await settled();
    assert.equal(last().frames.length, 20);
    assert.deepEqual([call.word, FakeMediaRecorder.last.state, server.only.isFinished ?? false], ["listening", "inactive", false]);
  });

  it("finishes the utterance that is being spoken as frames, then turns the microphone off", async () => {
    const { session, call, server } = page();
    await session.startTalking();
    answer({ mode: "streaming" });
    hear(QUIET, 200);
    hear(LOUD, 400);
    toBatch();
    const before = last().frames.length;
    hear(LOUD, 400);
    hear(QUIET, 1300);
    await settled();
    assert.ok(last().frames.length >= before + 80, "no word is cut off");
    assert.deepEqual([call.mic, call.mode, server.requests.length], ["muted", "batch", 0]);
    assert.equal(last().messages.at(-1).type, "audio.stop");
    await session.toggleMicrophone();
    assert.equal(call.word, "recording");
    assert.notEqual(last().messages.at(-1).type, "audio.start");
  });

  for (const taken of [{ type: "caption", speaker: "customer", turn: 1, text: "two large", final: true }, { type: "progress", recording: "of the server", stage: "received", at_ms: 0 }]) {
    it(`doesn't cut off an utterance whose words are still awaited, until its ${taken.type}`, async () => {
      const { session, call } = page();
      await session.startTalking();
      answer({ mode: "streaming" });
      hear(QUIET, 200);
      hear(LOUD, 400);
      hear(QUIET, 1400);
      last().say({ type: "caption", speaker: "customer", turn: 1, text: "two", final: false });
      toBatch();
      assert.notEqual(last().messages.at(-1).type, "audio.stop");
      const before = last().frames.length;
      hear(QUIET, 100);
      assert.equal(last().frames.length, before + 5);
      last().say(taken);
      assert.deepEqual([call.mic, last().messages.at(-1).type], ["muted", "audio.stop"]);
    });
  }

  it("records on at once when nothing was being said", async () => {
    const { session, call, server } = page();
    await session.startTalking();
    answer({ mode: "streaming" });
    hear(QUIET, 500);
    const before = last().frames.length;
    toBatch();
    await speak();
    assert.deepEqual([call.word, last().frames.length, server.only.bytes.length], ["recording", before, 5000]);
  });

  it("shows how far the server is with what it had heard", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const { session, call } = page();
    await session.startTalking();
    answer({ mode: "streaming" });
    hear(QUIET, 200);
    hear(LOUD, 400);
    toBatch();
    progress("transcribing", "of the server");
    assert.deepEqual([call.recording.phase, call.recording.stage], ["working", "transcribing"]);
    progress("done", "of the server");
    t.mock.timers.tick(3000);
    assert.equal(call.recording, null);
  });

  it("is a streaming call again when it is started over", async () => {
    const { session, call } = page();
    session.say("a coke");
    answer();
    assert.equal(call.mode, "batch");
    session.startOver();
    assert.deepEqual([call.mode, call.recording], ["streaming", null]);
  });
});

describe("a call whose sockets stop working", () => {
  it("loses no word that was on its way", async () => {
    const { session, socket, server } = page();
    await session.startTalking();
    answer({ mode: "streaming" });
    hear(QUIET, 200);
    hear(LOUD, 400);
    const frames = socket.takeUnheard().map(() => Int16Array.from({ length: 320 }, (_, at) => 8000 * Math.sin(at)));
    socket.onUnheard([...Array(10).fill(new Int16Array(320)), ...frames]);
    await settled();
    assert.deepEqual([server.only.content_type, server.only.isFinished, server.only.bytes.length], ["audio/pcm", true, (10 + 30) * 640]);
  });

  it("sends no silence", async () => {
    const { socket, server } = page();
    socket.onUnheard(Array(50).fill(new Int16Array(320)));
    await settled();
    assert.equal(server.requests.length, 0);
  });
});

describe("closing the page", () => {
  it("in the middle of a recording gives everything back", async () => {
    const { session, owner } = page();
    await session.startTalking();
    answer();
    await speak();
    owner.close();
    await settled();
    assert.deepEqual([owner.size, devices.live.tracks, devices.live.contexts, FakeMediaRecorder.last.state], [0, 0, 0, "inactive"]);
  });
});

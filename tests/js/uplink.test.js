import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { BETTER_AFTER_MS, POOR_AFTER_MS, POOR_LOSSES, Pace, QUIET_AFTER_MS, STEPS } from "../../static/js/audio/pace.js";
import { Uplink } from "../../static/js/audio/uplink.js";
import { Owner } from "../../static/js/lib/owner.js";
import { VoiceSocket } from "../../static/js/order/socket.js";
import { FakeSocket, ready, settle } from "./fakes.js";

const FORMAT = { sample_rate_hz: 16000, encoding: "pcm16", frame_ms: 20 };
const NOTHING = { delayMs: 20, backlogMs: 20, unsentBytes: 0 };
const voice = (ms = 20) => new Int16Array(ms * 16).fill(4000);
const silence = (ms = 20) => new Int16Array(ms * 16);

/** An encoder that gives a packet for every block, when told. */
class FakeEncoder {
  static made = [];

  constructor(settings) {
    this.settings = settings;
    this.bitrates = [];
    this.pending = 0;
    this.isClosed = false;
    FakeEncoder.made.push(this);
  }

  encode(_pcm, bitrate) {
    this.bitrates.push(bitrate);
    this.pending += 1;
  }

  give() {
    while (this.pending) {
      this.pending -= 1;
      this.settings.onPacket(Uint8Array.of(0x48, this.bitrates.length));
    }
  }

  async flush() {
    this.give();
  }

  close() {
    this.isClosed = true;
  }
}

const OPUS = { canEncode: async () => true, open: (settings) => new FakeEncoder(settings) };
const NO_OPUS = { canEncode: async () => false, open: () => assert.fail("nothing to open") };

beforeEach(() => {
  FakeEncoder.made = [];
  FakeSocket.made = [];
});

describe("pace", () => {
  it("begins with the shortest pieces and the best sound", () => {
    const pace = new Pace({ frameMs: 20 });
    assert.deepEqual([pace.chunkMs, pace.bitrate], [20, 32_000]);
    assert.equal(new Pace({ frameMs: 40 }).chunkMs, 40);
  });

  for (const [what, seen, chunkMs] of [
    ["a slow answer", { delayMs: 200 }, 40],
    ["a very slow one", { delayMs: 1_200 }, 100],
    ["sound that does not arrive", { backlogMs: 1_500 }, 60],
    ["what waits in the browser", { unsentBytes: 6_000 }, 100],
  ]) {
    it(`sends larger and fewer pieces after ${what}, at once`, () => {
      const pace = new Pace({ frameMs: 20 });
      pace.observe({ ...NOTHING, ...seen, now: 0 });
      assert.equal(pace.chunkMs, chunkMs);
      assert.ok(pace.bitrate < 32_000);
    });
  }

  it("goes back step by step, when it has been good for a while", () => {
    const pace = new Pace({ frameMs: 20 });
    pace.observe({ ...NOTHING, delayMs: 2_000, now: 0 });
    const steps = [];
    for (let now = 0; now <= 4 * BETTER_AFTER_MS; now += 200) {
      pace.observe({ ...NOTHING, now });
      if (steps.at(-1) !== pace.step) steps.push(pace.step);
    }
    assert.deepEqual(steps, [3, 2, 1, 0]);
    assert.equal(pace.chunkMs, STEPS[0].chunkMs);
  });

  it("sends long pieces in a long silence, and short ones with the first sound", () => {
    const pace = new Pace({ frameMs: 20 });
    for (let ms = 0; ms < QUIET_AFTER_MS - 20; ms += 20) pace.heard(silence(), 20);
    assert.equal(pace.chunkMs, 20, "a pause inside a sentence costs nothing");
    pace.heard(silence(), 20);
    assert.equal(pace.chunkMs, 100);
    pace.heard(voice(), 20);
    assert.equal(pace.chunkMs, 20);
  });

  it("is poor when sound stays away for long, not for a moment", () => {
    const pace = new Pace({ frameMs: 20 });
    pace.observe({ ...NOTHING, backlogMs: 8_000, now: 0 });
    assert.ok(!pace.isPoor(1_000));
    pace.observe({ ...NOTHING, backlogMs: 8_000, now: POOR_AFTER_MS });
    assert.ok(pace.isPoor(POOR_AFTER_MS));
    pace.observe({ ...NOTHING, now: POOR_AFTER_MS + 100 });
    assert.ok(!pace.isPoor(POOR_AFTER_MS + 100));
  });

  it("is poor when the connection breaks again and again", () => {
    const pace = new Pace({ frameMs: 20 });
    for (let i = 1; i < POOR_LOSSES; i += 1) pace.lost(i * 1_000);
    assert.ok(!pace.isPoor(5_000));
    pace.lost(5_000);
    assert.ok(pace.isPoor(5_000));
    assert.ok(!pace.isPoor(120_000));
  });
});

async function uplink(opus) {
  const link = new Uplink(opus);
  const pieces = [];
  link.onPiece = (piece) => pieces.push(piece);
  await settle();
  return { link, pieces, announced: link.announce(FORMAT) };
}

describe("uplink", () => {
  it("sends PCM where the browser has no Opus", async () => {
    const { link, pieces, announced } = await uplink(NO_OPUS);
    assert.equal(announced.encoding, "pcm16");
    link.take(voice(), true);
    link.take(voice(), false);
    assert.deepEqual(pieces.map(({ kind, ms, isFirstAfterGap }) => [kind, ms, isFirstAfterGap]), [[1, 20, true], [1, 20, false]]);
  });

  it("puts blocks together while the connection is slow, and lets the end of a word wait for nothing", async () => {
    const { link, pieces } = await uplink(NO_OPUS);
    link.pace.observe({ ...NOTHING, delayMs: 500, now: 0 });
    for (let i = 0; i < 4; i += 1) link.take(voice(), i === 0);
    assert.deepEqual(pieces.map(({ ms, body }) => [ms, body.length]), [[60, 960]]);
    assert.equal(link.finish(), null);
    assert.deepEqual(pieces.map(({ ms }) => ms), [60, 20]);
  });

  it("keeps what was said in silence together with the word that follows", async () => {
    const { link, pieces } = await uplink(NO_OPUS);
    for (let ms = 0; ms < QUIET_AFTER_MS; ms += 20) link.take(silence(), false);
    pieces.length = 0;
    for (let i = 0; i < 3; i += 1) link.take(silence(), false);
    assert.equal(pieces.length, 0);
    link.take(voice(), false);
    assert.equal(pieces.length, 1, "the first sound is not waited for");
  });

  it("sends Opus packets, several in a piece when it is slow", async () => {
    const { link, pieces, announced } = await uplink(OPUS);
    assert.equal(announced.encoding, "opus");
    for (let i = 0; i < 3; i += 1) link.take(voice(), i === 0);
    const [encoder] = FakeEncoder.made;
    encoder.give();
    assert.deepEqual(pieces.map(({ kind, ms, isFirstAfterGap }) => [kind, ms, isFirstAfterGap]), [[3, 20, true], [3, 20, false], [3, 20, false]]);
    link.pace.observe({ ...NOTHING, delayMs: 500, now: 0 });
    for (let i = 0; i < 4; i += 1) link.take(voice(), false);
    encoder.give();
    assert.deepEqual(pieces.slice(3).map(({ ms, body }) => [ms, body.length]), [[60, 12]]);
    assert.equal(encoder.bitrates.at(-1), 16_000);
    await link.finish();
    assert.equal(pieces.at(-1).ms, 20);
  });

  it("goes on in PCM when the encoder fails, and gives it back", async () => {
    const { link, pieces } = await uplink(OPUS);
    link.take(voice(), false);
    FakeEncoder.made[0].settings.onFailed();
    assert.ok(FakeEncoder.made[0].isClosed);
    link.take(voice(), false);
    assert.equal(pieces.at(-1).kind, 1);
    assert.equal(link.announce(FORMAT).encoding, "pcm16");
  });
});

describe("voice socket with Opus", () => {
  const WISH = { language: "en", captionsOnly: false, audio: FORMAT };
  const last = () => FakeSocket.made.at(-1);

  async function talking(t, opus = OPUS) {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    let clock = 0;
    const owner = new Owner();
    const parts = { url: "ws://here", token: "t", freshToken: async () => "t", connect: (url) => new FakeSocket(url), random: () => 0 };
    const socket = new VoiceSocket(owner, { ...parts, now: () => clock, uplink: new Uplink(opus) });
    await settle();
    socket.open(WISH);
    last().accept();
    last().say(ready());
    return { owner, socket, tick: (ms) => ((clock += ms), t.mock.timers.tick(ms)) };
  }

  it("announces what it sends", async (t) => {
    const { socket } = await talking(t);
    assert.equal(last().messages[0].audio.encoding, "opus");
    socket.send({ type: "audio.start", audio: FORMAT });
    assert.equal(last().messages.at(-1).audio.encoding, "opus");
  });

  it("says “stopped” only after the end of what was said", async (t) => {
    const { socket } = await talking(t);
    socket.sendAudio(voice(), true);
    socket.send({ type: "audio.stop" });
    assert.equal(last().messages.at(-1).type, "session.start");
    await settle();
    assert.deepEqual(last().frames, [[0, 1]]);
    assert.equal(last().messages.at(-1).type, "audio.stop");
  });

  it("goes on in PCM when the server can't take it", async (t) => {
    const { socket } = await talking(t);
    last().say({ type: "error", code: "bad_encoding", text: "", field: "audio.encoding", fatal: false });
    assert.equal(last().messages.at(-1).audio.encoding, "pcm16");
    socket.sendAudio(voice(), false);
    assert.equal(last().sent.filter((data) => typeof data !== "string").length, 1);
  });

  it("asks for batch once, when the connection carries no live sound", async (t) => {
    const { socket, tick } = await talking(t, NO_OPUS);
    const asked = () => last().messages.filter(({ type }) => type === "mode.request");
    for (let second = 0; second < 12; second += 1) {
      for (let i = 0; i < 50; i += 1) socket.sendAudio(voice(), false);
      tick(1_000);
      last().say({ type: "audio.ack", next_seq: 0, received_seq: second + 1 });
    }
    assert.deepEqual(asked(), [{ type: "mode.request", mode: "batch", reason: "connection" }]);
  });

  it("asks for batch after it broke again and again", async (t) => {
    const { tick } = await talking(t, NO_OPUS);
    for (let i = 0; i < POOR_LOSSES; i += 1) {
      last().drop();
      tick(500);
      last().accept();
      last().say(ready({ resumed: true }));
    }
    assert.equal(last().messages.filter(({ type }) => type === "mode.request").length, 1);
  });

  it("tries at once when the page is looked at again, also where an attempt hangs", async (t) => {
    const { socket, tick } = await talking(t, NO_OPUS);
    last().drop();
    socket.wake();
    assert.equal(FakeSocket.made.length, 2);
    socket.wake();
    assert.equal(FakeSocket.made.length, 2, "one that has just begun goes on");
    tick(1_500);
    socket.wake();
    assert.equal(FakeSocket.made.length, 3);
    last().accept();
    last().say(ready({ resumed: true }));
    const alive = last();
    socket.wake();
    assert.equal(alive.messages.at(-1).type, "ping", "a live one is asked whether it still is");
  });

  it("gives away what nobody has heard, as PCM, when the call goes on without it", async (t) => {
    const { socket } = await talking(t);
    for (let i = 0; i < 3; i += 1) socket.sendAudio(voice(), false);
    FakeEncoder.made[0].give();
    last().say({ type: "audio.ack", next_seq: 1, received_seq: 3 });
    assert.deepEqual(socket.takeUnheard().map(({ length }) => length), [320, 320]);
    assert.deepEqual(socket.takeUnheard(), []);
  });

  it("frees the encoder with the page", async (t) => {
    const { owner, socket } = await talking(t);
    socket.sendAudio(voice(), true);
    owner.close();
    assert.ok(FakeEncoder.made[0].isClosed);
  });
});

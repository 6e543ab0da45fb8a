import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { PacedFrames, readWav } from "../../static/js/audio/recording.js";
import { BLOCK, loadWorklets, rms, tone } from "./worklets.js";

function resampled(Resampler, from, to, samples, block = BLOCK) {
  const resampler = new Resampler(from, to);
  const out = [];
  for (let at = 0; at < samples.length; at += block) out.push(...resampler.process(samples.subarray(at, at + block)));
  return out;
}

describe("resampler", () => {
  for (const [from, to] of [[48000, 16000], [44100, 16000], [24000, 48000], [24000, 44100], [16000, 16000]]) {
    it(`makes as much sound as there was, ${from} to ${to}`, async () => {
      const { Resampler } = await loadWorklets(from);
      const out = resampled(Resampler, from, to, tone(440, from, 2));
      assert.ok(Math.abs(out.length - to * 2) < to * 0.005, `${out.length} samples`);
    });

    it(`keeps a voice's frequencies as they were, ${from} to ${to}`, async () => {
      const { Resampler } = await loadWorklets(from);
      const out = resampled(Resampler, from, to, tone(1000, from, 1)).slice(1000, -1000);
      const lag = Math.round((to / 1000) * 20); // 20 periods of 1 kHz
      const drift = rms(out.slice(lag).map((value, at) => value - out[at]));
      assert.ok(Math.abs(rms(out) - 0.5 / Math.SQRT2) < 0.005, `level ${rms(out)}`);
      assert.ok(drift < 0.02, `drift ${drift}`);
    });
  }

  it("keeps out what the lower rate can't carry", async () => {
    const { Resampler } = await loadWorklets(48000);
    const out = resampled(Resampler, 48000, 16000, tone(11000, 48000, 1)).slice(500);
    assert.ok(rms(out) < 0.5 * 10 ** (-60 / 20), `alias at ${20 * Math.log10(rms(out) / 0.35)} dB`);
  });

  it("gives the same sound however the blocks fall", async () => {
    const { Resampler } = await loadWorklets(44100);
    const sound = tone(700, 44100, 0.5);
    const small = resampled(Resampler, 44100, 16000, sound, 37);
    const large = resampled(Resampler, 44100, 16000, sound, 4096);
    assert.deepEqual(small, large);
  });
});

async function capture(rateHz, frameMs = 20) {
  const { Capture } = await loadWorklets(rateHz);
  const node = new Capture({ processorOptions: { rateHz: 16000, frameMs } });
  const feed = (samples) => {
    for (let at = 0; at + BLOCK <= samples.length; at += BLOCK) node.process([[samples.subarray(at, at + BLOCK)]]);
  };
  return { node, feed, frames: node.port.sent };
}

describe("capture worklet", () => {
  it("sends whole frames of 20 ms at 16 kHz, whatever the device's rate", async () => {
    const { feed, frames } = await capture(44100);
    feed(tone(440, 44100, 1));
    assert.ok(frames.length >= 48 && frames.length <= 50, `${frames.length} frames`);
    assert.ok(frames.every(({ pcm }) => pcm.length === 320));
  });

  it("reports a level that follows the voice", async () => {
    const { feed, frames } = await capture(48000);
    feed(new Float32Array(48000));
    const quiet = frames.at(-1).level;
    feed(tone(440, 48000, 1, 0.2));
    assert.equal(quiet, 0);
    assert.ok(frames.at(-1).level > 0.3);
  });

  it("marks the first frame and the first after a mute; sends the rest of the last word at once", async () => {
    const { node, feed, frames } = await capture(48000);
    feed(tone(440, 48000, 0.1));
    node.port.onmessage({ data: { muted: true } });
    const before = frames.length;
    feed(tone(440, 48000, 0.5));
    assert.equal(frames.length, before);
    node.port.onmessage({ data: { muted: false } });
    feed(tone(440, 48000, 0.1));
    assert.deepEqual(frames.map(({ isFirstAfterGap }, at) => isFirstAfterGap && at).filter((at) => at !== false), [0, before]);
    assert.ok(frames[before - 1].pcm.length <= 320);
  });

  it("clips instead of wrapping around", async () => {
    const { feed, frames } = await capture(16000);
    feed(Float32Array.from({ length: 640 }, () => 1.5));
    assert.ok(frames.every(({ pcm }) => pcm.every((sample) => sample === 32767)));
  });

  it("mixes a stereo microphone to one channel", async () => {
    const { node, frames } = await capture(16000);
    const left = new Float32Array(BLOCK).fill(0.5);
    const right = new Float32Array(BLOCK).fill(-0.5);
    for (let i = 0; i < 10; i += 1) node.process([[left, right]]);
    assert.ok(frames.every(({ pcm }) => pcm.every((sample) => sample === 0)));
  });

  it("ends when it is closed", async () => {
    const { node } = await capture(48000);
    assert.equal(node.process([[new Float32Array(BLOCK)]]), true);
    node.port.onmessage({ data: "close" });
    assert.equal(node.process([[new Float32Array(BLOCK)]]), false);
  });
});

async function playback(rateHz = 24000) {
  const { Playback } = await loadWorklets(rateHz);
  const node = new Playback({ processorOptions: { rateHz: 24000 } });
  const tell = (message) => node.port.onmessage({ data: message });
  const push = (response, ms, value = 8000) => tell({ type: "push", response, pcm: new Int16Array(24 * ms).fill(value) });
  const play = (ms) => {
    const out = [];
    while (out.length < (rateHz * ms) / 1000) {
      const block = new Float32Array(BLOCK);
      node.process([], [[block]]);
      out.push(...block);
    }
    return out;
  };
  return { node, tell, push, play, reports: node.port.sent };
}

describe("playback worklet", () => {
  it("waits for a small stock before it starts", async () => {
    const { push, play } = await playback();
    push(1, 40);
    assert.equal(rms(play(20)), 0);
    push(1, 40);
    assert.ok(rms(play(20)) > 0.1);
  });

  it("plays a short reply that ends before the stock is reached", async () => {
    const { push, play, tell, reports } = await playback();
    push(1, 30);
    tell({ type: "end", response: 1 });
    assert.ok(rms(play(20)) > 0.1);
    play(50);
    assert.equal(reports.at(-1).isFinished, true);
  });

  for (const rateHz of [24000, 44100, 48000]) {
    it(`counts what was really played, at ${rateHz} Hz`, async () => {
      const { push, play, tell, reports } = await playback(rateHz);
      push(1, 1000);
      tell({ type: "end", response: 1 });
      play(500);
      const midway = reports.at(-1).playedMs;
      assert.ok(midway > 300 && midway <= 510, `${midway} ms`);
      play(700);
      assert.deepEqual([reports.at(-1).isFinished, Math.abs(reports.at(-1).playedMs - 1000) < 5], [true, true]);
      assert.equal(reports.filter(({ isFinished }) => isFinished).length, 1);
    });
  }

  it("reports at least every 200 ms while it plays", async () => {
    const { push, play, reports } = await playback();
    push(1, 2000);
    play(1000);
    const steps = reports.map(({ playedMs }) => playedMs);
    assert.ok(steps.every((ms, at) => at === 0 || ms - steps[at - 1] <= 200), steps.join(" "));
  });

  it("pauses and goes on where it was, without playing or counting meanwhile", async () => {
    const { push, play, tell, reports } = await playback();
    push(1, 1000);
    play(300);
    tell({ type: "pause", response: 1 });
    play(20); // fades
    const paused = reports.at(-1)?.playedMs ?? 0;
    assert.equal(rms(play(500)), 0);
    tell({ type: "resume", response: 1 });
    assert.ok(rms(play(100)) > 0.1);
    play(200);
    assert.ok(reports.at(-1).playedMs - paused < 420);
  });

  it("goes silent within a few milliseconds of a clear, and reports where it stopped", async () => {
    const { push, play, tell, reports } = await playback();
    push(1, 1000);
    play(300);
    tell({ type: "clear", response: 1 });
    const stopped = reports.at(-1);
    assert.ok(stopped.playedMs > 200 && stopped.playedMs <= 310 && !stopped.isFinished);
    play(10);
    assert.equal(rms(play(100)), 0);
    push(2, 200);
    assert.ok(rms(play(60)) > 0.1, "the next reply is heard");
  });

  it("gathers a stock again after it ran dry, and loses nothing", async () => {
    const { push, play, tell, reports } = await playback();
    push(1, 100);
    play(200);
    push(1, 20);
    assert.equal(rms(play(20)), 0);
    push(1, 80);
    tell({ type: "end", response: 1 });
    play(300);
    assert.ok(Math.abs(reports.at(-1).playedMs - 200) < 8, `${reports.at(-1).playedMs} ms`);
  });

  it("plays the next response after the one before, each with its own count", async () => {
    const { push, play, tell, reports } = await playback();
    push(1, 100);
    tell({ type: "end", response: 1 });
    push(2, 100);
    tell({ type: "end", response: 2 });
    play(400);
    assert.deepEqual(reports.filter(({ isFinished }) => isFinished).map(({ response }) => response), [1, 2]);
  });

  it("forgets everything of a lost connection, and counts the same numbers anew", async () => {
    const { push, play, tell, reports } = await playback();
    push(1, 500);
    push(2, 500);
    play(200);
    const before = reports.length;
    tell("forget");
    assert.equal(rms(play(300).slice(300)), 0);
    assert.equal(reports.length, before);
    push(1, 100);
    tell({ type: "end", response: 1 });
    play(300);
    assert.ok(Math.abs(reports.at(-1).playedMs - 100) < 5, `${reports.at(-1).playedMs} ms`);
  });

  it("says at once that an empty response is over", async () => {
    const { tell, reports } = await playback();
    tell({ type: "end", response: 5 });
    assert.deepEqual(reports, [{ response: 5, playedMs: 0, isFinished: true, level: 0 }]);
  });
});

function wav({ channels = 1, bits = 16, format = 1, extra = [] } = {}) {
  const head = Buffer.alloc(36);
  head.write("RIFF", 0);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(format, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(16000, 24);
  head.writeUInt16LE(bits, 34);
  const data = Buffer.from([0x64, 0x61, 0x74, 0x61, 4, 0, 0, 0, 1, 0, 2, 0]);
  const whole = Buffer.concat([head, Buffer.from(extra), data]);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length);
}

describe("recordings", () => {
  it("are read from a WAVE file, also past chunks nobody needs", () => {
    const { rateHz, pcm } = readWav(wav({ extra: [0x4c, 0x49, 0x53, 0x54, 3, 0, 0, 0, 9, 9, 9, 0] }));
    assert.equal(rateHz, 16000);
    assert.deepEqual([...pcm], [1, 2]);
  });

  it("of another kind are refused", () => {
    assert.throws(() => readWav(wav({ channels: 2 })), /mono/);
    assert.throws(() => readWav(wav({ format: 3, bits: 32 })), /mono/);
    assert.throws(() => readWav(new TextEncoder().encode("<!doctype html> not sound").buffer), /not a WAVE/);
    assert.throws(() => readWav(new ArrayBuffer(3)), /not a WAVE/);
  });

  it("are handed out at the pace of a microphone, late timers caught up", () => {
    const frames = new PacedFrames(new Int16Array(16000), { rateHz: 16000, frameMs: 20 });
    assert.equal(frames.due(19).length, 0);
    assert.equal(frames.due(20).length, 1);
    assert.equal(frames.due(200).length, 9);
    assert.equal(frames.due(5000).length, 40);
    assert.ok(frames.isDone);
    assert.equal(frames.due(9000).length, 0);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { EndOfSpeech } from "../../static/js/audio/end_of_speech.js";
import { Recorder } from "../../static/js/audio/recorder.js";
import { Owner } from "../../static/js/lib/owner.js";
import { isWorthSending, laterStage, progressKey, progressShare, STAGES } from "../../static/js/order/progress.js";
import { dictionaries } from "./dictionaries.js";
import { FakeMediaRecorder, pcm, settle } from "./fakes.js";

const level = (db) => Math.min(1, 4 * 10 ** (db / 20));

/** @returns {string} the state after `ms` at this loudness */
function heard(hearing, db, ms) {
  let state = hearing.state;
  for (let at = 0; at < ms; at += 20) state = hearing.take(level(db), 20);
  return state;
}

describe("end of speech", () => {
  it("is 1.2 s of silence after somebody spoke, and no sooner", () => {
    const hearing = new EndOfSpeech();
    assert.equal(heard(hearing, -60, 2000), "quiet");
    assert.equal(heard(hearing, -25, 900), "speaking");
    assert.equal(heard(hearing, -58, 1100), "speaking", "a pause to think");
    assert.equal(heard(hearing, -25, 300), "speaking");
    assert.equal(heard(hearing, -58, 1260), "ended");
  });

  it("is not heard in a click, nor in a room that only hums", () => {
    const hearing = new EndOfSpeech();
    heard(hearing, -60, 500);
    assert.equal(heard(hearing, -20, 40), "quiet");
    assert.equal(heard(hearing, -60, 3000), "quiet");
    const humming = new EndOfSpeech();
    heard(humming, -44, 8000); // a fan: loud for the first moments, then it is the floor
    humming.again();
    assert.equal(heard(humming, -44, 8000), "quiet");
  });

  it("is found above the noise of a kitchen", () => {
    const hearing = new EndOfSpeech();
    heard(hearing, -45, 10_000);
    hearing.again();
    heard(hearing, -45, 2000);
    assert.equal(heard(hearing, -22, 800), "speaking");
    assert.equal(heard(hearing, -45, 1500), "ended");
  });

  it("is found when somebody speaks from the first moment", () => {
    const hearing = new EndOfSpeech();
    for (let syllable = 0; syllable < 4; syllable += 1) {
      heard(hearing, -22, 160);
      heard(hearing, -40, 40);
    }
    assert.equal(hearing.state, "speaking");
    assert.equal(heard(hearing, -58, 1300), "ended");
  });

  it("can be waited for again", () => {
    const hearing = new EndOfSpeech(600);
    heard(hearing, -60, 100);
    heard(hearing, -20, 400);
    assert.equal(heard(hearing, -60, 700), "ended");
    hearing.again();
    assert.equal(hearing.state, "quiet");
  });
});

describe("recorder", () => {
  const record = (Media) => {
    const owner = new Owner();
    const recorder = new Recorder(owner, Media);
    const got = [];
    recorder.onData = (bytes) => got.push(bytes.size);
    return { owner, recorder, got };
  };

  it("takes the first container that the browser knows", () => {
    for (const [known, wanted] of [[["audio/webm;codecs=opus"], "audio/webm;codecs=opus"], [["audio/mp4"], "audio/mp4"], [["audio/mp4", "audio/ogg;codecs=opus"], "audio/ogg;codecs=opus"]]) {
      const { recorder } = record(FakeMediaRecorder.knowing(known));
      recorder.start({});
      assert.deepEqual(recorder.format, { contentType: wanted, rateHz: null });
    }
  });

  it("gives out its last bytes before it says that it has stopped", async () => {
    const { recorder, got, owner } = record(FakeMediaRecorder.knowing(["audio/webm;codecs=opus"]));
    recorder.start({});
    FakeMediaRecorder.last.give(500);
    recorder.takeSamples(pcm(1, 2)); // not these as well
    await recorder.stop();
    assert.deepEqual(got, [500, 33]);
    assert.equal(owner.size, 0);
  });

  it("gives out its last bytes, too, when the microphone is pulled out", async () => {
    const { recorder, got } = record(FakeMediaRecorder.knowing(["audio/webm;codecs=opus"]));
    recorder.start({});
    FakeMediaRecorder.last.stop(); // by itself: its tracks have ended
    await recorder.stop();
    assert.deepEqual(got, [33]);
  });

  for (const [name, Media] of [["there is no MediaRecorder", undefined], ["it knows no container of ours", FakeMediaRecorder.knowing([])], ["it promised too much", FakeMediaRecorder.knowing(["audio/webm;codecs=opus"], { throws: true })]]) {
    it(`gives raw samples where ${name}`, async () => {
      const { recorder, got } = record(Media);
      recorder.start({});
      recorder.takeSamples(pcm(1, 2, 3));
      await recorder.stop();
      recorder.takeSamples(pcm(4));
      assert.deepEqual(recorder.format, { contentType: "audio/pcm", rateHz: 16000 });
      assert.deepEqual(got, [6]);
    });
  }

  it("that is thrown away gives out nothing more, and holds nothing", async () => {
    const { recorder, got, owner } = record(FakeMediaRecorder.knowing(["audio/webm;codecs=opus"]));
    recorder.start({});
    recorder.discard();
    await settle();
    assert.deepEqual([got, FakeMediaRecorder.last.state, owner.size], [[], "inactive", 0]);
  });
});

describe("progress", () => {
  const at = (phase, extra = {}) => ({ phase, stage: "receiving", share: 0, seconds: 0, failure: "", canSendAgain: false, ...extra });

  it("only ever goes forward, from the first byte to the end", () => {
    const steps = [at("sending", { share: 0.2 }), at("sending", { share: 1 }), ...STAGES.slice(2).map((stage) => at("working", { stage })), at("done")];
    const shares = steps.map(progressShare);
    for (let step = 1; step < shares.length; step += 1) assert.ok(shares[step] >= shares[step - 1], `step ${step}: ${shares}`);
    assert.ok(new Set(shares.map((share) => share.toFixed(3))).size >= 7, "it moves");
    assert.equal(shares.at(-1), 1);
  });

  it("has words for every stage and every failure, in every language", () => {
    const states = [...["recording", "sending", "waiting", "done"].map((phase) => at(phase)), ...STAGES.map((stage) => at("working", { stage }))];
    const failures = ["recording_empty", "recording_too_long", "recording_too_large", "recording_undecodable", "recording_without_audio", "content_type_unknown", "too_many_recordings", "engine_unavailable", "worker_lost", "internal", "token_expired", "call_unknown", "?"];
    for (const [language, words] of Object.entries(dictionaries())) {
      for (const state of [...states, ...failures.map((failure) => at("failed", { failure }))]) assert.ok(words[progressKey(state)], `${language}: ${progressKey(state)}`);
    }
  });

  it("offers to send again only what may get through the second time", () => {
    assert.equal(isWorthSending("engine_unavailable"), true);
    assert.equal(isWorthSending("worker_lost"), true);
    assert.equal(isWorthSending("recording_undecodable"), false);
    assert.equal(isWorthSending("token_expired"), false);
  });

  it("takes no step back when messages overtake each other", () => {
    assert.equal(laterStage("basket", "transcript"), "basket");
    assert.equal(laterStage("transcript", "basket"), "basket");
    assert.equal(laterStage("basket", "failed"), "failed");
    assert.equal(laterStage("basket", "of a later version"), "basket");
  });
});

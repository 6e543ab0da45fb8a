import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Call } from "../../static/js/order/call.js";
import { Captions, KEPT_UTTERANCES } from "../../static/js/order/captions.js";
import { ready } from "./fakes.js";

const said = (speaker, turn, text, final = true) => ({ type: "caption", speaker, turn, text, final });

function liveCall() {
  const call = new Call();
  call.linkChanged("live", "");
  call.take(ready());
  return call;
}

describe("captions", () => {
  it("let later words of a turn replace earlier ones", () => {
    const captions = new Captions();
    captions.take(said("customer", 1, "two large", false));
    captions.take(said("customer", 1, "two large pepperoni", false));
    captions.take(said("customer", 1, "Two large pepperoni pizzas"));
    assert.deepEqual(captions.latest(2).map(({ text }) => text), ["Two large pepperoni pizzas"]);
  });

  it("keep the same turn of two speakers apart", () => {
    const captions = new Captions();
    captions.take(said("customer", 1, "a coke"));
    captions.take(said("assistant", 1, "One coke."));
    assert.deepEqual(captions.finals().map(({ speaker }) => speaker), ["customer", "assistant"]);
  });

  it("hand only final words to the log", () => {
    const captions = new Captions();
    captions.take(said("customer", 1, "a co", false));
    assert.deepEqual(captions.finals(), []);
    assert.equal(captions.latest(2).length, 1);
  });

  it("forget an utterance that was only a cough", () => {
    const captions = new Captions();
    captions.take(said("customer", 1, "uh", false));
    captions.take(said("customer", 1, ""));
    assert.deepEqual(captions.latest(5), []);
  });

  it("don't grow without end", () => {
    const captions = new Captions();
    for (let turn = 0; turn < KEPT_UTTERANCES + 50; turn += 1) captions.take(said("customer", turn, "more"));
    assert.equal(captions.finals().length, KEPT_UTTERANCES);
  });
});

describe("the word the customer reads", () => {
  it("follows connection, microphone and dialogue", () => {
    const call = new Call();
    assert.equal(call.word, "ready");
    call.linkChanged("connecting", "");
    assert.equal(call.word, "connecting");
    call.linkChanged("live", "");
    call.take(ready());
    call.micChanged("on");
    assert.equal(call.word, "listening");
    call.take({ type: "state", state: "thinking" });
    assert.equal(call.word, "thinking");
    call.take({ type: "state", state: "speaking" });
    assert.equal(call.word, "speaking");
    call.take({ type: "state", state: "listening" });
    call.micChanged("muted");
    assert.equal(call.word, "muted");
    call.linkChanged("reconnecting", "lost");
    assert.equal(call.word, "reconnecting");
    call.linkChanged("reconnecting", "busy");
    assert.equal(call.word, "busy");
    call.linkChanged("ended", "idle");
    assert.equal(call.word, "ended");
  });

  it("never says Listening without a microphone", () => {
    const call = liveCall();
    call.take({ type: "state", state: "listening" });
    assert.equal(call.word, "ready");
    call.micChanged("denied");
    assert.equal(call.word, "ready");
    assert.equal(call.micProblem, "denied");
  });
});

describe("call", () => {
  it("keeps basket, conversation and readback over a reconnect", () => {
    const call = liveCall();
    call.take({ type: "cart", cart: { revision: 3 }, announcement: "Added: Coke", can_undo: true });
    call.take(said("customer", 1, "a coke"));
    call.take({ type: "readback", open: true, revision: 3, text: "One coke." });
    call.linkChanged("reconnecting", "lost");
    call.linkChanged("live", "");
    call.take(ready({ resumed: true }));
    assert.equal(call.cart.revision, 3);
    assert.equal(call.captions.finals().length, 1);
    assert.equal(call.readback.revision, 3);
    assert.equal(call.hasExpired, false);
  });

  it("begins a clean order when the old session is gone, and says so", () => {
    const call = liveCall();
    call.take(said("customer", 1, "a coke"));
    call.take({ type: "readback", open: true, revision: 3, text: "One coke." });
    call.take(ready({ session: "s2" }));
    assert.equal(call.hasExpired, true);
    assert.equal(call.readback, null);
    assert.equal(call.captions.finals().length, 0);
  });

  it("can't be confirmed while the connection is away", () => {
    const call = liveCall();
    call.take({ type: "readback", open: true, revision: 3, text: "One coke." });
    assert.equal(call.canConfirm, true);
    call.linkChanged("reconnecting", "lost");
    assert.equal(call.canConfirm, false);
  });

  it("closes the readback and the question once the order stands", () => {
    const call = liveCall();
    call.take({ type: "chips", question: "Size?", chips: [{ label: "Large", say: "large" }] });
    call.take({ type: "readback", open: true, revision: 3, text: "One coke." });
    call.take({ type: "order.placed", number: 12, total_text: "$2.00", ready_in_minutes: null });
    assert.equal(call.readback, null);
    assert.deepEqual(call.chips.chips, []);
    assert.equal(call.order.number, 12);
  });

  it("offers Stop speaking exactly while a reply is heard", () => {
    const call = liveCall();
    call.take({ type: "speech.start", response: 1, text: "Hi", interruptible: true });
    assert.equal(call.isSpeaking, true);
    call.take({ type: "speech.end", response: 1, total_ms: 900 }); // all sent, not yet all played
    assert.equal(call.isSpeaking, true);
    call.take({ type: "speech.heard", response: 1 });
    assert.equal(call.isSpeaking, false);
  });

  it("takes a notice down when the customer goes on talking", () => {
    const call = liveCall();
    call.take({ type: "error", code: "frame_gap", text: "Audio frames are missing.", ref: "" });
    assert.equal(call.notice, null, "what is for developers is not shown");
    call.take({ type: "error", code: "rate_limited", text: "Too many messages.", ref: "p4" });
    assert.equal(call.notice.isError, true);
    call.take(said("customer", 2, "a coke", false));
    assert.equal(call.notice, null);
  });

  it("knows when nobody hears it any more", () => {
    const call = liveCall();
    assert.equal(call.canHear, true);
    call.take({ type: "notice", code: "typed_only", text: "I can't hear you right now." });
    assert.equal(call.canHear, false);
    call.startOver();
    assert.equal(call.canHear, true);
  });

  it("ignores messages of a later protocol", () => {
    const call = liveCall();
    call.take({ type: "something.new" });
    assert.equal(call.word, "ready");
  });

  it("tells who shows it what has changed", () => {
    const call = liveCall();
    const seen = [];
    call.onChange = (changed) => seen.push([...changed].join(" "));
    call.take({ type: "cart", cart: { revision: 1 }, announcement: "", can_undo: false });
    call.micChanged("on");
    assert.deepEqual(seen, ["cart", "mic"]);
  });

  it("starts over with nothing of the order before", () => {
    const call = liveCall();
    call.take({ type: "cart", cart: { revision: 3 }, announcement: "Added", can_undo: true });
    call.take({ type: "order.placed", number: 12, total_text: "$2.00", ready_in_minutes: 10 });
    call.startOver();
    assert.equal(call.cart, null);
    assert.equal(call.order, null);
    assert.equal(call.word, "ready");
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it, mock } from "node:test";

import { Backoff, BASE_MS, CAP_MS } from "../../static/js/lib/backoff.js";
import { bundlePackets, decodeReplyFrame, encodeCallerFrame } from "../../static/js/lib/frames.js";
import { Owner } from "../../static/js/lib/owner.js";
import { FrameRing } from "../../static/js/lib/ring.js";
import { textOf } from "../../static/js/lib/text.js";
import { pcm } from "./fakes.js";

const piece = (value, isFirstAfterGap = false, ms = 20) => ({ kind: 1, body: pcm(value), pcm: pcm(value), ms, isFirstAfterGap });

describe("backoff", () => {
  it("doubles from one second to thirty, and no further", () => {
    const waits = new Backoff(() => 0.999999);
    const seen = Array.from({ length: 8 }, () => waits.next());
    assert.deepEqual(seen, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  });

  it("spreads pages over the upper half of each wait", () => {
    const lowest = new Backoff(() => 0);
    assert.equal(lowest.next(), BASE_MS / 2);
    for (let i = 0; i < 10; i += 1) lowest.next();
    assert.equal(lowest.next(), CAP_MS / 2);
  });

  it("starts again after a connection that held", () => {
    const waits = new Backoff(() => 0);
    waits.next();
    waits.next();
    waits.reset();
    assert.equal(waits.next(), BASE_MS / 2);
  });
});

describe("ring of unacknowledged frames", () => {
  it("numbers frames without a hole and forgets the acknowledged", () => {
    const ring = new FrameRing(200);
    for (let i = 0; i < 4; i += 1) ring.push(piece(i, i === 0));
    ring.acknowledge(2);
    assert.deepEqual(ring.from(0).map(({ seq }) => seq), [2, 3]);
    assert.equal(ring.firstSeq, 2);
    assert.equal(ring.nextSeq, 4);
  });

  it("keeps the newest when full, counts the lost and marks the gap", () => {
    const ring = new FrameRing(60);
    for (let i = 0; i < 5; i += 1) ring.push(piece(i));
    assert.equal(ring.size, 3);
    assert.equal(ring.lost, 2);
    assert.deepEqual(ring.from(0).map(({ seq, isFirstAfterGap }) => [seq, isFirstAfterGap]), [[2, true], [3, false], [4, false]]);
  });

  it("sends only what the server still wants", () => {
    const ring = new FrameRing(200);
    for (let i = 0; i < 5; i += 1) ring.push(piece(i));
    assert.deepEqual(ring.from(3).map(({ seq }) => seq), [3, 4]);
  });

  it("renumbers what is kept when a new session counts from 0", () => {
    const ring = new FrameRing(200);
    for (let i = 0; i < 5; i += 1) ring.push(piece(i));
    ring.acknowledge(3);
    ring.restart();
    assert.deepEqual(ring.from(0).map(({ seq, body }) => [seq, body[0]]), [[0, 3], [1, 4]]);
    assert.equal(ring.push(piece(9)).seq, 2);
  });

  it("keeps as much sound as it may, in pieces of any length", () => {
    const ring = new FrameRing(200);
    for (let i = 0; i < 4; i += 1) ring.push(piece(i, false, 100));
    assert.deepEqual(ring.from(0).map(({ seq }) => seq), [2, 3]);
    assert.equal(ring.msFrom(3), 100);
    ring.acknowledge(4);
    for (let i = 0; i < 10; i += 1) ring.push(piece(i));
    assert.equal(ring.size, 10);
  });
});

describe("audio frames on the wire", () => {
  it("carry kind, flag, number and little-endian samples", () => {
    const bytes = new Uint8Array(encodeCallerFrame({ seq: 0x01020304, ...piece(1, true), body: pcm(1, -2) }));
    assert.deepEqual([...bytes], [1, 1, 0, 0, 4, 3, 2, 1, 1, 0, 0xfe, 0xff]);
  });

  it("carry Opus packets, each after its length", () => {
    const body = bundlePackets([Uint8Array.of(7, 8, 9), Uint8Array.of(5)]);
    const bytes = new Uint8Array(encodeCallerFrame({ seq: 1, kind: 3, body, ms: 40, isFirstAfterGap: false }));
    assert.deepEqual([...bytes], [3, 0, 0, 0, 1, 0, 0, 0, 3, 0, 7, 8, 9, 1, 0, 5]);
  });

  it("are read back from the server's side", () => {
    const buffer = new Uint8Array([2, 1, 0, 0, 7, 0, 0, 0, 9, 0, 0, 0, 0x34, 0x12]).buffer;
    assert.deepEqual({ ...decodeReplyFrame(buffer), pcm: [...decodeReplyFrame(buffer).pcm] }, { response: 7, seq: 9, isLast: true, pcm: [0x1234] });
  });

  it("of another kind, or cut short, are not taken for sound", () => {
    assert.equal(decodeReplyFrame(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).buffer), null);
    assert.equal(decodeReplyFrame(new ArrayBuffer(5)), null);
  });
});

describe("owner", () => {
  it("frees every timer, listener and thing it held, newest first", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const owner = new Owner();
    const freed = [];
    const run = mock.fn();
    const target = new EventTarget();
    owner.hold("node", () => freed.push("node"));
    owner.hold("socket", () => freed.push("socket"));
    owner.after(100, run);
    owner.every(10, run);
    owner.listen(target, "tap", run);
    assert.deepEqual(owner.held(), { node: 1, socket: 1, timer: 1, interval: 1, listener: 1 });
    owner.close();
    t.mock.timers.tick(1000);
    target.dispatchEvent(new Event("tap"));
    assert.equal(run.mock.callCount(), 0);
    assert.equal(owner.size, 0);
    assert.deepEqual(freed, ["socket", "node"]);
  });

  it("forgets what ended by itself or was freed early", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const owner = new Owner();
    owner.after(10, () => {});
    const free = owner.hold("node", () => {});
    t.mock.timers.tick(10);
    free();
    free();
    assert.equal(owner.size, 0);
  });

  it("frees at once what comes after it was closed", () => {
    const owner = new Owner();
    owner.close();
    let isFreed = false;
    owner.hold("stream", () => (isFreed = true));
    assert.ok(isFreed);
  });

  it("frees the rest when one release fails, and says so", () => {
    const owner = new Owner();
    let isFreed = false;
    owner.hold("node", () => (isFreed = true));
    owner.hold("socket", () => {
      throw new Error("gone");
    });
    assert.throws(() => owner.close(), AggregateError);
    assert.ok(isFreed);
  });
});

describe("text", () => {
  const text = textOf({ "a.hello": "Hello {name}", "b.count_one": "{count} item", "b.count_other": "{count} items" }, "en");

  it("fills in values and leaves unknown places alone", () => {
    assert.equal(text("a.hello", { name: "Ana" }), "Hello Ana");
    assert.equal(text("a.hello"), "Hello {name}");
  });

  it("counts in the plural of the language", () => {
    assert.equal(text("b.count", { count: 1 }), "1 item");
    assert.equal(text("b.count", { count: 3 }), "3 items");
  });

  it("of an unknown key is a mistake, not an empty place", () => {
    assert.throws(() => text("a.nothing"));
  });
});

describe("dictionaries", () => {
  const read = (language) => JSON.parse(readFileSync(new URL(`../../static/text/${language}.json`, import.meta.url), "utf8"));
  const places = (words) => (words.match(/\{\w+\}/g) ?? []).sort();

  it("say the same things in every language, with the same places to fill in", () => {
    const english = read("en");
    const spanish = read("es");
    assert.deepEqual(Object.keys(spanish).sort(), Object.keys(english).sort());
    for (const [key, words] of Object.entries(english)) assert.deepEqual(places(spanish[key]), places(words), key);
  });
});

import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";

import { Owner } from "../../static/js/lib/owner.js";
import { Upload } from "../../static/js/order/upload.js";
import { FakeUploads, settled } from "./uploads.js";

let owner = new Owner();

afterEach(() => {
  owner.close();
  owner = new Owner();
});

function upload(server, extra = {}) {
  const seen = [];
  const made = new Upload(owner, { url: "/r/x/recordings", session: () => "s1", key: "k1", contentType: "audio/webm;codecs=opus", rateHz: null, fetch: server.fetch, random: () => 0, ...extra });
  made.onChange = ({ state, share }) => seen.push([state, share]);
  return { made, seen };
}

const bytes = (count, value = 7) => new Blob([new Uint8Array(count).fill(value)]);

describe("an upload", () => {
  it("begins with the first bytes, goes out while it grows, and arrives whole", async () => {
    const server = new FakeUploads();
    const { made } = upload(server);
    made.add(bytes(6000, 1));
    await settled();
    assert.equal(server.only.bytes.length, 6000, "sent before it was finished");
    made.add(bytes(100, 2));
    await settled();
    assert.equal(server.only.bytes.length, 6000, "crumbs wait for more");
    made.finish();
    await settled();
    assert.equal(made.state, "sent");
    assert.deepEqual([server.only.bytes.length, server.only.bytes.at(-1), server.only.isFinished], [6100, 2, true]);
    assert.deepEqual([server.only.key, server.only.content_type, server.only.sample_rate_hz], ["k1", "audio/webm;codecs=opus", undefined]);
    assert.ok(server.requests.every(({ authorization }) => authorization === "Bearer s1"));
  });

  it("says the rate of raw samples, and cuts what is larger than the server takes at once", async () => {
    const server = new FakeUploads({ chunkBytes: 4000 });
    const { made } = upload(server, { contentType: "audio/pcm", rateHz: 16000 });
    made.add(bytes(10_000));
    made.finish();
    await settled();
    assert.equal(server.only.sample_rate_hz, 16000);
    assert.deepEqual(server.requests.filter(({ method }) => method === "PATCH").map(({ size }) => size), [4000, 4000, 2000]);
    assert.equal(made.state, "sent");
  });

  for (const [name, trouble] of [["the network is away", "network"], ["the server is restarting", 503], ["the server asks for patience", 429]]) {
    it(`goes on by itself where it stopped when ${name}`, async (t) => {
      t.mock.timers.enable({ apis: ["setTimeout"] });
      const server = new FakeUploads({ chunkBytes: 4000 });
      const { made, seen } = upload(server);
      server.failOn = ({ method }) => method === "PATCH" && server.only.bytes.length === 4000 && trouble;
      made.add(bytes(9000));
      made.finish();
      await settled();
      assert.deepEqual([made.state, server.only.bytes.length], ["waiting", 4000]);
      server.failOn = () => null;
      t.mock.timers.tick(500);
      await settled();
      assert.equal(made.state, "sent");
      assert.equal(server.only.bytes.length, 9000);
      assert.ok(seen.some(([state]) => state === "waiting"));
    });
  }

  it("waits longer each time, and at once when it is asked to", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const server = new FakeUploads();
    server.failOn = () => "network";
    const { made } = upload(server);
    made.add(bytes(10));
    made.finish();
    await settled();
    assert.equal(server.requests.length, 1);
    t.mock.timers.tick(499);
    await settled();
    assert.equal(server.requests.length, 1);
    t.mock.timers.tick(1);
    await settled();
    assert.equal(server.requests.length, 2);
    t.mock.timers.tick(500);
    await settled();
    assert.equal(server.requests.length, 2, "the second wait is longer");
    server.failOn = () => null;
    made.retry();
    await settled();
    assert.equal(made.state, "sent");
  });

  it("whose answer got lost is not stored twice", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const server = new FakeUploads({ chunkBytes: 4000 });
    server.loseAnswerOf = ({ method }) => method === "PATCH" && server.only.bytes.length === 4000;
    const { made } = upload(server);
    made.add(bytes(6000));
    made.finish();
    await settled();
    server.loseAnswerOf = () => false;
    t.mock.timers.tick(500);
    await settled();
    assert.equal(made.state, "sent");
    assert.deepEqual([server.recordings.length, server.only.bytes.length], [1, 6000]);
  });

  it("sends again what the server no longer has", async () => {
    const server = new FakeUploads({ chunkBytes: 4000 });
    const { made } = upload(server);
    made.add(bytes(8000));
    await settled();
    server.only.bytes = server.only.bytes.slice(0, 4000); // restored from before
    made.finish();
    await settled();
    assert.equal(made.state, "sent");
    assert.equal(server.only.bytes.length, 8000);
  });

  it("doesn't hammer a server that stays where it is", async () => {
    const server = new FakeUploads();
    server.failOn = ({ method }) => method === "PATCH" && 409;
    const { made } = upload(server);
    made.add(bytes(5000));
    await settled();
    assert.equal(made.state, "waiting");
    assert.equal(server.requests.length, 2);
  });

  for (const [status, code] of [[401, "token_expired"], [429, "too_many_recordings"], [413, "recording_too_large"], [415, "content_type_unknown"], [404, ""]]) {
    it(`that is refused with ${status} says why and stops`, async () => {
      const server = new FakeUploads();
      server.failOn = () => status;
      server.code = code;
      const { made } = upload(server);
      made.add(bytes(10));
      made.finish();
      await settled();
      assert.deepEqual([made.state, made.code], ["refused", code || String(status)]);
      made.retry();
      await settled();
      assert.equal(server.requests.length, 1);
      assert.equal(made.audio.size, 10, "the recording is kept");
    });
  }

  it("leaves nothing behind when the page closes", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const server = new FakeUploads();
    server.failOn = () => "network";
    const { made } = upload(server);
    made.add(bytes(10));
    made.finish();
    await settled();
    owner.close();
    assert.equal(owner.size, 0);
    t.mock.timers.tick(60_000);
    await settled();
    assert.equal(server.requests.length, 1);
  });
});

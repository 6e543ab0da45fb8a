// The server's side of recordings (docs/batch.md), as far as the page can tell; the test decides what goes wrong.

import { settle } from "./fakes.js";

export class FakeUploads {
  constructor({ chunkBytes = 1_000_000 } = {}) {
    this.chunkBytes = chunkBytes;
    this.recordings = [];
    this.requests = [];
    /** A status, "network", or nothing. */
    this.failOn = () => null;
    this.loseAnswerOf = () => false;
    this.code = "";
    this.fetch = (url, options = {}) => this.#answer(url, options);
  }

  /** The one recording there is. */
  get only() {
    return this.recordings[0] ?? { bytes: new Uint8Array() };
  }

  async #answer(url, { method = "GET", headers = {}, body = "" }) {
    const request = { method, url, authorization: headers.Authorization, size: body.size ?? body.length, body };
    this.requests.push(request);
    const trouble = this.failOn(request);
    if (trouble === "network") throw new TypeError("fetch failed");
    if (trouble === 409) return json(409, { error: { code: "chunk_gap" }, offset: this.only.bytes.length });
    if (trouble) return json(trouble, this.code ? { error: { code: this.code, text: "No." } } : {});
    const answer = await this.#served(method, url, body);
    if (this.loseAnswerOf(request)) throw new TypeError("connection reset");
    return answer;
  }

  async #served(method, url, body) {
    const [, id, isFinish] = /\/recordings(?:\/([^/?]+))?(\/finish)?/.exec(url);
    if (!id) return this.#begun(JSON.parse(body));
    const recording = this.recordings.find((one) => one.id === id);
    if (method === "GET") return json(200, { id, stage: "received", stages: {}, transcript: "", failure: null, result: null, ...recording.told });
    if (isFinish) return this.#finished(recording, JSON.parse(body));
    return this.#took(recording, Number(new URL(url, "http://x").searchParams.get("offset")), new Uint8Array(await body.arrayBuffer()));
  }

  #begun(wish) {
    let recording = this.recordings.find(({ key }) => key === wish.key);
    const status = recording ? 200 : 201;
    recording ??= this.recordings[this.recordings.push({ ...wish, id: `r${this.recordings.length + 1}`, bytes: new Uint8Array(), isFinished: false }) - 1];
    return json(status, { id: recording.id, offset: recording.bytes.length, chunk_bytes: this.chunkBytes, max_bytes: 25_000_000 });
  }

  #took(recording, offset, bytes) {
    const known = recording.bytes.length;
    if (offset > known) return json(409, { error: { code: "chunk_gap" }, offset: known });
    if (offset === known) recording.bytes = Uint8Array.from([...recording.bytes, ...bytes]);
    return json(200, { offset: recording.bytes.length });
  }

  #finished(recording, { bytes }) {
    if (recording.bytes.length < bytes) return json(409, { error: { code: "incomplete" }, offset: recording.bytes.length });
    recording.isFinished = true;
    return json(202, {});
  }
}

function json(status, answer) {
  return new Response(JSON.stringify(answer), { status, headers: { "Content-Type": "application/json" } });
}

/** Lets everything that waits for nothing but promises come to rest. */
export async function settled() {
  for (let turn = 0; turn < 60; turn += 1) await settle();
}

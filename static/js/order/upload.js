// @ts-check
/** One recording on its way to the server (docs/batch.md): begun while it still grows, in pieces, from wherever the server says.
 *
 * Nothing is lost on the way: what fails is tried again from the server's own offset, and the bytes are kept until they are taken.
 * Knows no DOM and no microphone.
 */

import { Backoff } from "../lib/backoff.js";

export const ANSWER_MS = 20_000;
const LEAST_BYTES = 4_096; // while it grows; the end goes out whatever its size
const DEFAULT_CHUNK_BYTES = 65_536;
const PASSING = [408, 425, 429]; // like everything from 500 on: the same request may work later
const TOO_MANY = "too_many_recordings"; // 429, but waiting makes them no fewer

/**
 * How far a recording is. @param {Pick<UploadParts, "url" | "session" | "fetch">} parts @param {string} id
 * @returns {Promise<{ stage: string, failure: { code: string } | null, result: { messages?: import("./socket.js").Message[], audio?: string } | null }>}
 */
export async function askAbout({ url, session, fetch: fetched = fetch }, id) {
  const headers = { Authorization: `Bearer ${session() ?? ""}`, Accept: "application/json" };
  const response = await fetched(`${url}/${id}`, { headers, credentials: "omit", signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`recording: ${response.status}`);
  return response.json();
}

/** sending · waiting: the connection is away, it is tried again · sent: the server has it all · refused: trying again is no use
 * @typedef {"sending" | "waiting" | "sent" | "refused"} UploadState */
/**
 * @typedef {Object} UploadParts
 * @property {string} url of the restaurant's recordings
 * @property {() => string | null} session the call's signed token
 * @property {string} key the sender's name for it: sent twice, it is one recording
 * @property {string} contentType
 * @property {number | null} rateHz of raw samples
 * @property {typeof fetch} [fetch]
 * @property {() => number} [random]
 */

export class Refused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export class Upload {
  #owner;
  #parts;
  #backoff;
  /** @type {Blob[]} */
  #pieces = [];
  #size = 0;
  #isWhole = false;
  #isBusy = false;
  #chunkBytes = DEFAULT_CHUNK_BYTES;
  #cancelWait = () => {};
  #offset = 0;
  /** The server's name for it, once it has one. @type {string | null} */
  id = null;
  /** @type {UploadState} */
  state = "sending";
  /** Why it was refused: a code of the server's. */
  code = "";
  /** @type {(upload: Upload) => void} */
  onChange = () => {};

  /** @param {import("../lib/owner.js").Owner} owner @param {UploadParts} parts */
  constructor(owner, parts) {
    this.#owner = owner;
    this.#parts = parts;
    this.#backoff = new Backoff(parts.random);
  }

  get key() {
    return this.#parts.key;
  }

  get format() {
    return { contentType: this.#parts.contentType, rateHz: this.#parts.rateHz };
  }

  /** Everything recorded so far. */
  get audio() {
    return new Blob(this.#pieces, { type: this.#parts.contentType });
  }

  /** How much of what there is has arrived, 0 to 1. */
  get share() {
    return this.#size ? this.#offset / this.#size : 0;
  }

  /** @param {Blob} bytes */
  add(bytes) {
    this.#pieces.push(bytes);
    this.#size += bytes.size;
    this.#go();
  }

  /** Nothing more will come. */
  finish() {
    this.#isWhole = true;
    this.#go();
  }

  /** Now, whatever wait was left. */
  retry() {
    if (this.state !== "waiting") return;
    this.#cancelWait();
    this.#setState("sending");
    this.#go();
  }

  /** Nobody wants it any more. */
  cancel() {
    this.#cancelWait();
    this.#setState("refused", "cancelled");
  }

  #go() {
    if (this.#isBusy || this.state !== "sending" || this.#owner.isClosed) return;
    this.#isBusy = true;
    void this.#send().finally(() => {
      this.#isBusy = false;
      if (this.#hasWork()) this.#go(); // it came while the last answer was being read
    });
  }

  async #send() {
    try {
      while (this.state === "sending" && this.#hasWork()) {
        await this.#step();
        this.#backoff.reset();
        if (this.state === "sending") this.onChange(this);
      }
    } catch (error) {
      if (this.state !== "sending") return;
      if (error instanceof Refused) this.#setState("refused", error.code);
      else this.#wait();
    }
  }

  #hasWork() {
    const left = this.#size - this.#offset;
    return this.#isWhole || this.id === null || left >= LEAST_BYTES;
  }

  async #step() {
    if (this.id === null) await this.#begin();
    else if (this.#offset < this.#size) await this.#sendPiece();
    else await this.#end();
  }

  async #begin() {
    const { key, contentType, rateHz } = this.#parts;
    const wish = { key, content_type: contentType, ...(rateHz ? { sample_rate_hz: rateHz } : {}) };
    const { id, offset, chunk_bytes: chunkBytes } = await this.#ask("POST", "", JSON.stringify(wish), "application/json");
    this.id = id;
    this.#offset = offset;
    this.#chunkBytes = chunkBytes || DEFAULT_CHUNK_BYTES;
  }

  async #sendPiece() {
    const piece = this.audio.slice(this.#offset, this.#offset + this.#chunkBytes);
    const { offset } = await this.#ask("PATCH", `/${this.id}?offset=${this.#offset}`, piece, "application/octet-stream");
    if (offset === this.#offset) throw new Error(`the server stays at ${offset}`);
    this.#offset = Math.min(offset, this.#size);
  }

  async #end() {
    const whole = JSON.stringify({ bytes: this.#size });
    const { offset } = await this.#ask("POST", `/${this.id}/finish`, whole, "application/json");
    if (offset !== undefined && offset < this.#size) this.#offset = offset;
    else this.#setState("sent");
  }

  /** @param {string} method @param {string} path @param {BodyInit} body @param {string} type @returns {Promise<any>} */
  async #ask(method, path, body, type) {
    const fetched = this.#parts.fetch ?? fetch;
    const headers = { Authorization: `Bearer ${this.#parts.session() ?? ""}`, "Content-Type": type, Accept: "application/json" };
    const response = await fetched(this.#parts.url + path, { method, headers, body, credentials: "omit", signal: AbortSignal.timeout(ANSWER_MS) });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    if (response.status === 409 && Number.isInteger(answer.offset)) return answer; // it has less, or more, than we thought
    const code = answer.error?.code ?? String(response.status);
    const mayPass = response.status >= 500 || PASSING.includes(response.status);
    if (mayPass && code !== TOO_MANY) throw new Error(`${method} ${path}: ${response.status}`);
    throw new Refused(code);
  }

  #wait() {
    this.#setState("waiting");
    this.#cancelWait = this.#owner.after(this.#backoff.next(), () => this.retry());
  }

  /** @param {UploadState} state @param {string} [code] */
  #setState(state, code = "") {
    this.state = state;
    this.code = code;
    this.onChange(this);
  }
}

// @ts-check
/** A call without a socket (docs/batch.md): each message is a request, and its answer is what the socket would have brought.
 *
 * Has the face of VoiceSocket. What may have been done although its answer got lost is not sent twice; it is reported, and the customer
 * decides. Sound goes by recordings, never through here.
 */

import { Backoff } from "../lib/backoff.js";

export const ANSWER_MS = 30_000; // the server itself gives up on a turn before that
const TAKEN = ["text", "cart.edit", "undo", "order.review", "order.confirm", "person.request", "hangup"];
const HARMLESS_TWICE = ["order.review", "order.confirm", "person.request", "hangup"];
const NOT_DONE = [429, 503];
/** Answers after which this call goes no further. @type {Record<number, string>} */
const FINAL = { 401: "expired", 404: "expired", 409: "taken_over" };
const TOKEN_TRIES = 2;

/** @typedef {import("./socket.js").Link} Link */
/** @typedef {import("./socket.js").Message} Message */
/**
 * @typedef {Object} PollParts
 * @property {string} url of the restaurant's calls
 * @property {string} token
 * @property {() => Promise<string>} freshToken
 * @property {typeof fetch} [fetch]
 * @property {() => number} [random]
 */

export class PollLink {
  #owner;
  #parts;
  #backoff;
  #token;
  #tokenTries = 0;
  #language = "";
  /** @type {string | null} */
  #session = null;
  /** @type {Message[]} */
  #waiting = [];
  #isBusy = false;
  #cancelWait = () => {};
  /** @type {Link} */
  link = "idle";
  /** @type {(link: Link, reason: string) => void} */
  onLink = () => {};
  /** @type {(message: Message) => void} */
  onMessage = () => {};

  /** @param {import("../lib/owner.js").Owner} owner @param {PollParts} parts */
  constructor(owner, parts) {
    this.#owner = owner;
    this.#parts = parts;
    this.#token = parts.token;
    this.#backoff = new Backoff(parts.random);
  }

  get session() {
    return this.#session;
  }

  get carriesSound() {
    return false;
  }

  /** A new call, or one that a socket began: `ready` is what that one was told. @param {{ language: string }} wish @param {Message | null} [ready] */
  open({ language }, ready = null) {
    this.#language = language;
    if (this.link === "live") return;
    this.#setLink("connecting", "");
    if (ready) this.#begin({ ...ready, resumed: true, mode: "batch", shows_again: false });
    this.#go();
  }

  /** @param {Message} message */
  send(message) {
    if (this.link === "ended" || !TAKEN.includes(message.type)) return;
    this.#waiting.push(message);
    this.#go();
  }

  retry() {
    this.#cancelWait();
    this.#go();
  }

  hangUp() {
    if (this.#session) void this.#ask("/messages", { type: "hangup" }, this.#session).catch(() => {}); // nobody waits for it
    this.#end("hung_up");
  }

  #go() {
    if (this.#isBusy || this.link === "idle" || this.link === "ended" || this.#owner.isClosed) return;
    this.#isBusy = true;
    void this.#work().finally(() => {
      this.#isBusy = false;
      if (this.link === "live" && this.#waiting.length) this.#go();
    });
  }

  async #work() {
    while (this.link !== "ended" && (!this.#session || this.#waiting.length)) {
      const message = this.#session ? /** @type {Message} */ (this.#waiting[0]) : null;
      try {
        const answer = message ? await this.#ask("/messages", message, this.#session) : await this.#ask("", { token: this.#token, language: this.#language }, null);
        if (message) this.#waiting.shift();
        this.#took(answer);
      } catch (error) {
        if (!(await this.#failed(error, message))) return;
      }
    }
  }

  /** @param {any} answer */
  #took(answer) {
    this.#backoff.reset();
    if (this.link === "ended") return; // hung up meanwhile
    if (answer.ready) this.#begin(answer.ready);
    else if (this.link !== "live") this.#setLink("live", "");
    for (const message of answer.messages ?? []) {
      this.onMessage(message);
      if (message.type === "ended") this.#end(message.outcome);
    }
  }

  /** @param {Message} ready */
  #begin(ready) {
    this.#session = ready.session;
    this.#tokenTries = 0;
    this.#setLink("live", "");
    this.onMessage(ready);
  }

  /** @param {unknown} error @param {Message | null} message @returns {Promise<boolean>} true: go on at once */
  async #failed(error, message) {
    const status = error instanceof Answered ? error.status : 0;
    if (status === 401 && !message && this.#tokenTries < TOKEN_TRIES) return this.#renewToken();
    if (FINAL[status]) {
      this.#end(FINAL[status]);
      return false;
    }
    const isUndone = !message || NOT_DONE.includes(status) || HARMLESS_TWICE.includes(message.type);
    if (message && (!isUndone || (status >= 400 && status < 500 && status !== 429))) {
      this.#waiting.shift();
      this.onMessage({ type: "error", code: "lost", text: "", ref: message.ref ?? "" });
      return true;
    }
    this.#later();
    return false;
  }

  async #renewToken() {
    this.#tokenTries += 1;
    try {
      this.#token = await this.#parts.freshToken();
      return true;
    } catch {
      this.#later();
      return false;
    }
  }

  #later() {
    this.#setLink("reconnecting", "lost");
    this.#cancelWait = this.#owner.after(this.#backoff.next(), () => this.#go());
  }

  /** @param {string} path @param {object} body @param {string | null} session */
  async #ask(path, body, session) {
    const fetched = this.#parts.fetch ?? fetch;
    const headers = { "Content-Type": "application/json", Accept: "application/json", ...(session ? { Authorization: `Bearer ${session}` } : {}) };
    const options = { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(ANSWER_MS) };
    const response = await fetched(this.#parts.url + path, { ...options, credentials: "omit" });
    if (!response.ok) throw new Answered(response.status);
    return response.json();
  }

  /** @param {string} reason */
  #end(reason) {
    this.#cancelWait();
    this.#session = null;
    this.#waiting = [];
    this.#setLink("ended", reason);
  }

  /** @param {Link} link @param {string} reason */
  #setLink(link, reason) {
    if (this.link === link && !reason) return;
    this.link = link;
    this.onLink(link, reason);
  }
}

class Answered extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`answered ${status}`);
    this.status = status;
  }
}

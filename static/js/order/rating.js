// @ts-check
/** The customer's word on a call: sent at once, the last one counts, and it can be taken back. No DOM. */

import { Backoff } from "../lib/backoff.js";

const TRIES = 4;
const ANSWER_MS = 10_000;

/** idle: nothing said · saving · saved · failed: it can be tried again · expired: it is too late
 * @typedef {"idle" | "saving" | "saved" | "failed" | "expired"} RatingState */
/**
 * @typedef {Object} RatingParts
 * @property {string} url
 * @property {() => string | null} session the token of the call
 * @property {typeof fetch} [fetch]
 * @property {() => number} [random]
 */

export class Rating {
  #owner;
  #parts;
  #backoff;
  #isBusy = false;
  #tries = 0;
  /** What the server has been told last. */
  #told = JSON.stringify({ rating: null, comment: "" });
  /** @type {number | null} */
  value = null;
  comment = "";
  /** @type {RatingState} */
  state = "idle";
  onChange = () => {};

  /** @param {import("../lib/owner.js").Owner} owner @param {RatingParts} parts */
  constructor(owner, parts) {
    this.#owner = owner;
    this.#parts = parts;
    this.#backoff = new Backoff(parts.random);
  }

  /** @param {number} value 1 to 5 */
  choose(value) {
    this.value = value;
    this.#save();
  }

  /** @param {string} comment */
  say(comment) {
    this.comment = comment.trim();
    this.#save();
  }

  takeBack() {
    this.value = null;
    this.comment = "";
    this.#save();
  }

  retry() {
    this.#save();
  }

  /** For the next call on the same page. */
  startOver() {
    Object.assign(this, { value: null, comment: "", state: "idle" });
    this.#told = this.#wish;
    this.onChange();
  }

  get #wish() {
    return JSON.stringify({ rating: this.value, comment: this.comment });
  }

  #save() {
    this.#tries = 0;
    this.#backoff.reset();
    this.#set("saving");
    void this.#send();
  }

  /** One request at a time; what changed meanwhile goes after it. */
  async #send() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.state === "saving" && this.#told !== this.#wish) await this.#tell(this.#wish);
      if (this.state === "saving") this.#set("saved");
    } catch {
      this.#later();
    } finally {
      this.#isBusy = false;
    }
  }

  /** @param {string} wish */
  async #tell(wish) {
    const fetched = this.#parts.fetch ?? fetch;
    const headers = { Authorization: `Bearer ${this.#parts.session() ?? ""}`, "Content-Type": "application/json" };
    const response = await fetched(this.#parts.url, { method: "POST", headers, body: wish, credentials: "omit", signal: AbortSignal.timeout(ANSWER_MS) });
    if (response.ok) this.#told = wish;
    else if (response.status === 401 || response.status === 410) this.#set("expired");
    else throw new Error(`rating: ${response.status}`);
  }

  #later() {
    this.#tries += 1;
    if (this.#tries >= TRIES) this.#set("failed");
    else this.#owner.after(this.#backoff.next(), () => void this.#send());
  }

  /** @param {RatingState} state */
  #set(state) {
    this.state = state;
    this.onChange();
  }
}

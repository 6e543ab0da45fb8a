// @ts-check
/** The board's socket: always trying, and honest about how long nothing has been heard. Knows no DOM. */

import { Backoff } from "../lib/backoff.js";
import { Owner } from "../lib/owner.js";

export const ANSWER_MS = 8_000;
export const SILENT_MS = 9_000;

/** After these a new connection would be refused again. */
export const REFUSALS = new Map([
  [4401, "signed_out"],
  [4403, "not_allowed"],
  [4404, "no_restaurant"],
]);

/** @typedef {{ url: string, connect?: (url: string) => WebSocket, now?: () => number, random?: () => number }} LinkParts */

export class BoardLink {
  #owner;
  #parts;
  #connect;
  #now;
  #backoff;
  /** @type {{ socket: WebSocket, owner: Owner } | null} */
  #current = null;
  #lastBeatAt;
  /** @type {string | null} why it will not come back by itself */
  refusal = null;
  isOpen = false;
  /** @type {(message: any) => void} */
  onMessage = () => {};
  onOpen = () => {};
  onChange = () => {};

  /** @param {Owner} owner @param {LinkParts} parts */
  constructor(owner, parts) {
    this.#owner = owner;
    this.#parts = parts;
    this.#connect = parts.connect ?? ((url) => new WebSocket(url));
    this.#now = parts.now ?? (() => performance.now());
    this.#backoff = new Backoff(parts.random);
    this.#lastBeatAt = this.#now();
    owner.hold("socket", () => this.#drop());
  }

  /** Since the last sign that orders would arrive. */
  get ageMs() {
    return this.#now() - this.#lastBeatAt;
  }

  start() {
    if (this.#owner.isClosed || this.refusal) return;
    this.#drop();
    const owner = new Owner();
    const socket = this.#connect(this.#parts.url);
    this.#current = { socket, owner };
    owner.listen(socket, "open", () => this.#opened());
    owner.listen(socket, "message", ({ data }) => this.#received(JSON.parse(data)));
    owner.listen(socket, "close", ({ code }) => this.#closed(code));
    owner.after(ANSWER_MS, () => !this.isOpen && this.#later());
  }

  #opened() {
    this.isOpen = true;
    const silentSince = this.#now();
    this.#current?.owner.every(1_000, () => this.#now() - Math.max(this.#lastBeatAt, silentSince) > SILENT_MS && this.#later());
    this.onOpen();
    this.onChange();
  }

  /** @param {any} message */
  #received(message) {
    if (message.type === "board.heartbeat" || message.type === "board.snapshot") {
      this.#lastBeatAt = this.#now();
      this.#backoff.reset();
    }
    this.onMessage(message);
  }

  /** @param {object} message @returns {boolean} false: not now, it stays with whoever sends it */
  send(message) {
    if (!this.isOpen || !this.#current) return false;
    this.#current.socket.send(JSON.stringify(message));
    return true;
  }

  /** The network is back: no need to wait. */
  retry() {
    if (!this.#current) this.start();
  }

  /** @param {number} code */
  #closed(code) {
    this.refusal = REFUSALS.get(code) ?? null;
    if (this.refusal) this.#drop();
    else this.#later();
    this.onChange();
  }

  #later() {
    this.#drop();
    this.onChange();
    this.#owner.after(this.#backoff.next(), () => this.retry());
  }

  #drop() {
    const current = this.#current;
    this.#current = null;
    this.isOpen = false;
    if (!current) return;
    current.owner.close();
    if (current.socket.readyState <= 1) current.socket.close(1000);
  }
}

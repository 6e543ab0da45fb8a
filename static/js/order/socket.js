// @ts-check
/** The voice socket: sequence numbers, heartbeat, and a session that survives a lost connection. Knows no DOM and no audio device.
 *
 * Links: idle → connecting → live ⇄ reconnecting → ended. What was said while the connection was away is kept (up to KEPT_FRAMES)
 * and sent once the server says which frame it wants next, so nothing is lost and nothing is heard twice.
 */

import { Owner } from "../lib/owner.js";
import { Backoff } from "../lib/backoff.js";
import { FrameRing } from "../lib/ring.js";
import { decodeReplyFrame, encodeCallerFrame } from "../lib/frames.js";

export const PING_MS = 4_000;
export const SILENT_MS = 10_000;
export const ANSWER_MS = 8_000;
export const KEPT_FRAMES = 1_500; // 30 s of 20 ms frames
export const KEPT_MESSAGES = 64;
const MAX_UNSENT_BYTES = 512 * 1024;

/** Close codes after which a new connection would end the same way (docs/protocol.md). */
export const FINAL_CODES = new Map([
  [4400, "failed"],
  [4403, "failed"],
  [4404, "failed"],
  [4409, "taken_over"],
  [4440, "idle"],
  [4441, "too_long"],
]);
const TOKEN_CODES = [4401, 4402];
export const BUSY_CODE = 4503;

/** @typedef {"idle" | "connecting" | "live" | "reconnecting" | "ended"} Link */
/** @typedef {{ language: string, captionsOnly: boolean, audio: { sample_rate_hz: number, encoding: "pcm16", frame_ms: number } | null }} SessionWish */
/** @typedef {{ type: string, [field: string]: any }} Message */
/**
 * @typedef {Object} SocketParts
 * @property {string} url
 * @property {string} token
 * @property {() => Promise<string>} freshToken
 * @property {string | null} [resume] the session of an earlier page view
 * @property {(url: string) => WebSocket} [connect]
 * @property {() => number} [now] milliseconds, monotonic
 * @property {() => number} [random]
 */

export class VoiceSocket {
  #owner;
  #parts;
  #connect;
  #now;
  #backoff;
  #ring = new FrameRing(KEPT_FRAMES);
  /** @type {Message[]} */
  #waiting = [];
  /** @type {SessionWish | null} */
  #wish = null;
  #token;
  /** @type {string | null} */
  #session;
  /** The session this connection wants to resume. @type {string | null} */
  #asked = null;
  /** The connection in use, with its own timers and listeners. @type {{ socket: WebSocket, owner: Owner } | null} */
  #current = null;
  #lastHeardAt = 0;
  #tokenTries = 0;
  /** @type {Link} */
  link = "idle";
  /** @type {(link: Link, reason: string) => void} */
  onLink = () => {};
  /** @type {(message: Message) => void} */
  onMessage = () => {};
  /** @type {(frame: { response: number, pcm: Int16Array, isLast: boolean }) => void} */
  onAudio = () => {};

  /** @param {Owner} owner @param {SocketParts} parts */
  constructor(owner, parts) {
    this.#owner = owner;
    this.#parts = parts;
    this.#connect = parts.connect ?? ((url) => new WebSocket(url));
    this.#now = parts.now ?? (() => performance.now());
    this.#backoff = new Backoff(parts.random);
    this.#token = parts.token;
    this.#session = parts.resume ?? null;
    owner.hold("socket", () => this.#drop(1000));
  }

  get session() {
    return this.#session;
  }

  get carriesSound() {
    return true;
  }

  /** Connects, or reconnects with another wish (the microphone came, captions only): the session goes on. @param {SessionWish} wish */
  open(wish) {
    this.#wish = wish;
    if (this.link === "idle" || this.link === "ended") this.#attempt("connecting");
    else if (this.link === "live") this.#attempt("reconnecting"); // a connection under way reads the wish when it opens
  }

  /** Sent now, or as soon as the session is ready. @param {Message} message */
  send(message) {
    if (this.link === "live" && this.#current) this.#current.socket.send(JSON.stringify(message));
    else if (this.link !== "ended" && message.type !== "playout") this.#waiting = [...this.#waiting, message].slice(-KEPT_MESSAGES);
  }

  /** @param {Int16Array} pcm @param {boolean} isFirstAfterGap */
  sendAudio(pcm, isFirstAfterGap) {
    if (this.link === "ended") return;
    const frame = this.#ring.push(pcm, isFirstAfterGap);
    const socket = this.#current?.socket;
    if (this.link !== "live" || !socket) return;
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) this.#lose("slow");
    else socket.send(encodeCallerFrame(frame));
  }

  /** Sound that no saved turn holds: what a resumed session would be sent again. It is given away. @returns {Int16Array[]} */
  takeUnheard() {
    const frames = this.#ring.from(0);
    this.#ring.clear();
    return frames.map(({ pcm }) => pcm);
  }

  /** Tries again at once: the network is back, or the person asked. */
  retry() {
    if (this.link === "reconnecting" && !this.#current) this.#attempt("reconnecting");
  }

  /** The session is over for this page. */
  hangUp() {
    if (this.link === "live") this.send({ type: "hangup" });
    this.#end("hung_up");
  }

  /** @param {Link} link */
  #attempt(link) {
    if (this.#owner.isClosed) return;
    this.#drop(1000);
    this.#setLink(link, "");
    const owner = new Owner();
    const socket = this.#connect(this.#parts.url);
    socket.binaryType = "arraybuffer";
    this.#current = { socket, owner };
    this.#lastHeardAt = this.#now();
    owner.listen(socket, "open", () => this.#start(socket));
    owner.listen(socket, "message", ({ data }) => this.#receive(data));
    owner.listen(socket, "close", ({ code }) => this.#closed(code));
    owner.after(ANSWER_MS, () => this.link !== "live" && this.#lose("no answer"));
  }

  /** @param {WebSocket} socket */
  #start(socket) {
    const wish = /** @type {SessionWish} */ (this.#wish);
    this.#asked = this.#session;
    if (!this.#session) this.#ring.restart();
    const start = {
      type: "session.start",
      token: this.#token,
      language: wish.language,
      audio: wish.audio,
      captions_only: wish.captionsOnly,
      resume: this.#session,
      next_seq: this.#ring.firstSeq,
    };
    socket.send(JSON.stringify(start));
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    this.#lastHeardAt = this.#now();
    if (typeof data !== "string") {
      const frame = decodeReplyFrame(data);
      if (frame) this.onAudio(frame);
      return;
    }
    const message = /** @type {Message} */ (JSON.parse(data));
    if (message.type === "session.ready") this.#ready(message);
    else if (message.type === "audio.ack") this.#ring.acknowledge(message.next_seq);
    if (message.type === "pong") return;
    this.onMessage(message);
    if (message.type === "ended") this.#end(message.outcome);
  }

  /** @param {Message} ready */
  #ready(ready) {
    const current = this.#current;
    if (!current) return;
    if (this.#asked && !ready.resumed) this.#ring.restart(); // the old session is gone; what was said is not
    this.#session = ready.session;
    this.#tokenTries = 0;
    this.#backoff.reset();
    this.#ring.acknowledge(ready.next_seq);
    this.#setLink("live", "");
    for (const message of this.#waiting.splice(0)) this.send(message);
    for (const frame of this.#ring.from(ready.next_seq)) current.socket.send(encodeCallerFrame(frame));
    current.owner.every(PING_MS, () => this.#beat());
  }

  #beat() {
    if (this.#now() - this.#lastHeardAt > SILENT_MS) this.#lose("silent");
    else this.send({ type: "ping", t: this.#now() });
  }

  /** @param {string} reason */
  #lose(reason) {
    this.#drop(4000);
    this.#later(reason);
  }

  /** @param {number} code */
  #closed(code) {
    this.#drop(1000);
    const final = FINAL_CODES.get(code);
    if (final) this.#end(final);
    else if (TOKEN_CODES.includes(code)) void this.#renewToken();
    else this.#later(code === BUSY_CODE ? "busy" : "lost");
  }

  async #renewToken() {
    this.#tokenTries += 1;
    if (this.#tokenTries > 2) {
      this.#end("expired");
      return;
    }
    this.#setLink("reconnecting", "expired");
    try {
      this.#token = await this.#parts.freshToken();
    } catch {
      this.#later("lost");
      return;
    }
    this.#attempt("reconnecting");
  }

  /** @param {string} reason */
  #later(reason) {
    this.#setLink("reconnecting", reason);
    this.#owner.after(this.#backoff.next(), () => this.retry());
  }

  /** @param {string} reason */
  #end(reason) {
    this.#drop(1000);
    this.#session = null;
    this.#waiting = [];
    this.#ring.clear();
    this.#setLink("ended", reason);
  }

  /** @param {number} code */
  #drop(code) {
    const current = this.#current;
    this.#current = null;
    if (!current) return;
    current.owner.close();
    if (current.socket.readyState <= 1) current.socket.close(code);
  }

  /** @param {Link} link @param {string} reason */
  #setLink(link, reason) {
    this.link = link;
    this.onLink(link, reason);
  }
}

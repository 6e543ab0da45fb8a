// @ts-check
/** The voice socket: sequence numbers, heartbeat, and a session that survives a lost connection. Knows no DOM and no audio device.
 *
 * Links: idle → connecting → live ⇄ reconnecting → ended. What was said while the connection was away is kept (`Outgoing`)
 * and sent once the server says which frame it wants next, so nothing is lost and nothing is heard twice. How sound goes out
 * follows what acknowledgements tell of the connection; one that doesn't carry it asks for batch.
 * budget: the whole life of a connection in one place, with every way it ends
 */

import { Owner } from "../lib/owner.js";
import { Backoff } from "../lib/backoff.js";
import { decodeReplyFrame, encodeCallerFrame } from "../lib/frames.js";
import { BUSY_CODE, FINAL_CODES, TOKEN_CODES } from "./close_codes.js";
import { Outgoing } from "./outgoing.js";

export const PING_MS = 4_000;
export const SILENT_MS = 10_000;
export const ANSWER_MS = 8_000;
export const KEPT_MESSAGES = 64;
const MAX_UNSENT_BYTES = 512 * 1024;
const HANGING_MS = 1_000; // an attempt older than that is begun again when the network comes back

/** @typedef {"idle" | "connecting" | "live" | "reconnecting" | "ended"} Link */
/** @typedef {{ language: string, captionsOnly: boolean, audio: import("../audio/uplink.js").AudioFormat | null }} SessionWish */
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
 * @property {import("../audio/uplink.js").Uplink} [uplink]
 */

export class VoiceSocket {
  #owner;
  #parts;
  #connect;
  #now;
  #backoff;
  #out;
  #hasAskedForBatch = false;
  #attemptedAt = 0;
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
    this.#out = new Outgoing(this.#now, parts.uplink);
    this.#out.onFrame = (frame) => this.#sendFrame(frame);
    owner.hold("socket", () => {
      this.#drop(1000);
      this.#out.clear();
    });
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
    if (message.type === "audio.start") this.#sendNow({ ...message, audio: this.#out.announce(message.audio) });
    else if (message.type === "audio.stop") this.#stopAudio(message);
    else this.#sendNow(message);
  }

  /** @param {Message} message */
  #sendNow(message) {
    if (this.link === "live" && this.#current) this.#current.socket.send(JSON.stringify(message));
    else if (this.link !== "ended" && message.type !== "playout") this.#waiting = [...this.#waiting, message].slice(-KEPT_MESSAGES);
  }

  /** What was said comes before the end of it. @param {Message} message */
  #stopAudio(message) {
    void (this.#out.finish()?.then(() => this.#sendNow(message)) ?? this.#sendNow(message));
  }

  /** @param {Int16Array} pcm @param {boolean} isFirstAfterGap */
  sendAudio(pcm, isFirstAfterGap) {
    if (this.link !== "ended") this.#out.take(pcm, isFirstAfterGap);
  }

  /** Sound that no saved turn holds: what a resumed session would be sent again. It is given away. @returns {Int16Array[]} */
  takeUnheard() {
    return this.#out.takeUnheard();
  }

  /** @param {import("../lib/ring.js").Frame} frame */
  #sendFrame(frame) {
    const socket = this.#current?.socket;
    if (this.link !== "live" || !socket) return;
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) return this.#lose("slow");
    socket.send(encodeCallerFrame(frame));
    this.#out.wasSent(frame);
  }

  /** @param {Message} ack */
  #acknowledged(ack) {
    this.#out.acknowledged(/** @type {any} */ (ack), this.#current?.socket.bufferedAmount ?? 0);
    if (this.#out.isPoor) this.#askForBatch();
  }

  #askForBatch() {
    if (this.#hasAskedForBatch || !this.#wish?.audio) return;
    this.#hasAskedForBatch = true;
    this.#sendNow({ type: "mode.request", mode: "batch", reason: "connection" });
  }

  /** Tries at once: the network is back, the page is looked at again, or the person asked. */
  retry() {
    if (this.link !== "reconnecting" && this.link !== "connecting") return;
    if (!this.#current || this.#now() - this.#attemptedAt >= HANGING_MS) this.#attempt(this.link);
  }

  /** The page was away, perhaps asleep: a connection that has died meanwhile is not waited for. */
  wake() {
    if (this.link === "live") this.#beat();
    else this.retry();
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
    this.#attemptedAt = this.#now();
    this.#out.broke(false);
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
    if (!this.#session) this.#out.restart();
    const start = {
      type: "session.start",
      token: this.#token,
      language: wish.language,
      audio: wish.audio && this.#out.announce(wish.audio),
      captions_only: wish.captionsOnly,
      resume: this.#session,
      next_seq: this.#out.firstSeq,
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
    else if (message.type === "audio.ack") this.#acknowledged(message);
    else if (message.type === "error") this.#refused(message);
    if (message.type === "pong") return;
    this.onMessage(message);
    if (message.type === "ended") this.#end(message.outcome);
  }

  /** Opus is not taken here, or not this browser's: the rest goes as PCM. @param {Message} error */
  #refused({ code }) {
    if (code !== "bad_encoding" && code !== "bad_packet") return;
    this.#out.giveUpOpus();
    if (this.#wish?.audio) this.send({ type: "audio.start", audio: this.#wish.audio });
  }

  /** @param {Message} ready */
  #ready(ready) {
    const current = this.#current;
    if (!current) return;
    if (this.#asked && !ready.resumed) this.#out.restart(); // the old session is gone; what was said is not
    if (!ready.resumed) this.#hasAskedForBatch = false;
    this.#session = ready.session;
    this.#tokenTries = 0;
    this.#backoff.reset();
    this.#out.acknowledge(ready.next_seq);
    this.#setLink("live", "");
    for (const message of this.#waiting.splice(0)) this.#sendNow(message);
    for (const frame of this.#out.from(ready.next_seq)) this.#sendFrame(frame);
    if (this.#out.isPoor) this.#askForBatch();
    current.owner.every(PING_MS, () => this.#beat());
  }

  #beat() {
    if (this.#now() - this.#lastHeardAt > SILENT_MS) this.#lose("silent");
    else this.#sendNow({ type: "ping", t: this.#now() });
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
    if (this.link === "live") this.#out.broke(true);
    this.#setLink("reconnecting", reason);
    this.#owner.after(this.#backoff.next(), () => this.retry());
  }

  /** @param {string} reason */
  #end(reason) {
    this.#drop(1000);
    this.#session = null;
    this.#waiting = [];
    this.#out.clear();
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

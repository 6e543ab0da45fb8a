// @ts-check
/** The page's line to its call: the socket, or requests where no socket gets through though the server can be reached. Same face as both. */

/** @typedef {import("./socket.js").VoiceSocket} VoiceSocket */
/** @typedef {import("./socket.js").Message} Message */
/** @typedef {import("./socket.js").SessionWish} SessionWish */

export const TRIES = 3;
const KEPT_MESSAGES = 64;

/**
 * @typedef {Object} LineParts
 * @property {VoiceSocket} socket
 * @property {import("./poll_link.js").PollLink} poll
 * @property {() => Promise<boolean>} isReachable whether the server answers plain requests
 * @property {string} sentence what the customer reads about a line without a socket
 */

export class Line {
  #parts;
  /** @type {VoiceSocket | import("./poll_link.js").PollLink} */
  #active;
  /** @type {SessionWish | null} */
  #wish = null;
  /** The last session.ready of a call in progress. @type {Message | null} */
  #ready = null;
  /** Sent to a socket that was not there. @type {Message[]} */
  #unsent = [];
  #failures = 0;
  /** The server answered requests while the socket failed: once more, and it is the socket. */
  #isServerThere = false;
  /** @type {(link: import("./socket.js").Link, reason: string) => void} */
  onLink = () => {};
  /** @type {(message: Message) => void} */
  onMessage = () => {};
  /** Sound the socket was given and nobody has heard. @type {(frames: Int16Array[]) => void} */
  onUnheard = () => {};

  /** @param {LineParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#active = parts.socket;
    for (const link of [parts.socket, parts.poll]) {
      link.onLink = (state, reason) => link === this.#active && this.#linkChanged(state, reason);
      link.onMessage = (message) => link === this.#active && this.#received(message);
    }
  }

  /** @param {(frame: { response: number, pcm: Int16Array, isLast: boolean }) => void} take */
  set onAudio(take) {
    this.#parts.socket.onAudio = take;
  }

  get link() {
    return this.#active.link;
  }

  get session() {
    return this.#active.session;
  }

  /** Words and progress come by themselves, without being asked for. */
  get isToldLive() {
    return this.carriesSound && this.link === "live";
  }

  /** Frames of sound go through it; else only recordings do. */
  get carriesSound() {
    return this.#active.carriesSound;
  }

  /** @param {SessionWish} wish */
  open(wish) {
    this.#wish = wish;
    if (this.link === "idle" || this.link === "ended") this.#active = this.#parts.socket;
    this.#active.open(wish);
  }

  /** @param {Message} message */
  send(message) {
    if (this.carriesSound && this.link !== "live") this.#unsent = [...this.#unsent, message].slice(-KEPT_MESSAGES);
    this.#active.send(message);
  }

  /** @param {Int16Array} pcm @param {boolean} isFirstAfterGap */
  sendAudio(pcm, isFirstAfterGap) {
    if (this.carriesSound) this.#parts.socket.sendAudio(pcm, isFirstAfterGap);
  }

  retry() {
    this.#active.retry();
  }

  /** The page is looked at again. */
  wake() {
    if (this.#active === this.#parts.socket) this.#parts.socket.wake();
    else this.retry();
  }

  hangUp() {
    this.#active.hangUp();
  }

  /** @param {import("./socket.js").Link} link @param {string} reason */
  #linkChanged(link, reason) {
    if (link === "live") {
      this.#unsent = [];
      if (this.carriesSound) this.#socketWorks();
    }
    if (link === "ended") {
      this.#unsent = [];
      this.#ready = null;
    }
    this.onLink(link, reason);
    if (this.carriesSound && link === "reconnecting" && reason && reason !== "busy") void this.#socketFailed();
  }

  #socketWorks() {
    this.#failures = 0;
    this.#isServerThere = false;
  }

  async #socketFailed() {
    this.#failures += 1;
    if (this.#failures < TRIES) return;
    if (this.#isServerThere) {
      this.#goWithoutSocket();
      return;
    }
    this.#isServerThere = await this.#parts.isReachable();
    if (this.#isServerThere && this.carriesSound) this.#parts.socket.retry();
  }

  #goWithoutSocket() {
    const { poll, socket } = this.#parts;
    const ready = this.#ready;
    const unsent = this.#unsent.splice(0);
    const unheard = socket.takeUnheard();
    this.#active = poll; // before the socket is let go: its end is not the call's
    socket.hangUp();
    poll.open(/** @type {SessionWish} */ (this.#wish), ready);
    for (const message of unsent) poll.send(message);
    this.onUnheard(unheard);
  }

  /** @param {Message} message */
  #received(message) {
    const isReady = message.type === "session.ready";
    if (isReady) this.#ready = message;
    this.onMessage(message);
    if (isReady && !this.carriesSound) this.onMessage({ type: "mode", mode: "batch", reason: "no_socket", text: this.#parts.sentence });
  }
}

// @ts-check
/** The call as the page knows it: every server message and every change of the microphone goes in, one state comes out. No DOM. */

import { Captions } from "./captions.js";

/** @typedef {import("./socket.js").Link} Link */
/** @typedef {import("./socket.js").Message} Message */
/** off: never opened · asking · on · muted: opened and stopped again · the rest: why there is none
 * @typedef {"off" | "asking" | "on" | "muted" | "denied" | "missing" | "busy" | "unsupported"} MicState */
/** The one word the customer reads.
 * @typedef {"ready" | "connecting" | "listening" | "thinking" | "speaking" | "muted" | "reconnecting" | "busy" | "with_staff" |
 *   "placed" | "ended" | "sample" | "recording" | "sending"} Word */
/** @typedef {{ question: string, chips: { label: string, say: string }[] }} Chips */
/** @typedef {{ code: string, text: string, isError: boolean }} Notice */
/** @typedef {import("./progress.js").RecordingState} RecordingState */

const NO_CHIPS = { question: "", chips: [] };

export class Call {
  /** @type {Link} */
  link = "idle";
  linkReason = "";
  serverState = "ready";
  /** @type {MicState} */
  mic = "off";
  acceptsVoice = true;
  /** The recogniser was lost in this call: from here on it is typed. */
  hasEarsFailed = false;
  isPlayingSample = false;
  isSpeaking = false;
  /** Replies being spoken can be cut by the customer. */
  isInterruptible = true;
  captions = new Captions();
  /** @type {any} the cart view of docs/protocol.md, or null before the first */
  cart = null;
  canUndo = false;
  announcement = "";
  /** @type {Chips} */
  chips = NO_CHIPS;
  /** @type {{ revision: number, text: string } | null} */
  readback = null;
  /** @type {Message | null} */
  order = null;
  /** @type {Notice | null} */
  notice = null;
  /** @type {Message | null} the last session.ready */
  session = null;
  /** streaming: words while they are spoken · batch: one recording after another @type {"streaming" | "batch"} */
  mode = "streaming";
  /** It began as streaming and could not go on; the server's sentence about it. */
  modeText = "";
  /** The utterance that is recorded or on its way, in a batch call. @type {RecordingState | null} */
  recording = null;
  /** The session asked for was gone and a new one began. */
  hasExpired = false;
  #hadSession = false;
  /** Called after every change, with what changed. @type {(changed: Set<string>) => void} */
  onChange = () => {};

  /** @returns {Word} */
  get word() {
    if (this.link === "ended") return this.order ? "placed" : "ended";
    if (this.link === "reconnecting") return this.linkReason === "busy" ? "busy" : "reconnecting";
    if (this.serverState === "placed" || this.serverState === "with_staff") return this.serverState;
    if (this.link === "connecting") return "connecting";
    if (this.recording?.phase === "recording" && this.mode === "batch") return "recording";
    if (this.recording?.phase === "sending") return "sending";
    if (this.recording?.phase === "working" && this.serverState !== "speaking") return "thinking";
    if (this.serverState === "thinking" || this.serverState === "speaking") return this.serverState;
    if (this.isPlayingSample) return "sample";
    if (this.mic === "on") return "listening";
    return this.mic === "muted" && this.canHear ? "muted" : "ready";
  }

  /** Until the session says, what the restaurant's page said. */
  get canHear() {
    return !this.hasEarsFailed && (this.session ? Boolean(this.session.can_hear) : this.acceptsVoice);
  }

  /** Why no microphone, or null. */
  get micProblem() {
    return ["denied", "missing", "busy", "unsupported"].includes(this.mic) ? this.mic : null;
  }

  get canConfirm() {
    return this.link === "live" && this.readback !== null && this.serverState !== "placed";
  }

  /** @param {Link} link @param {string} reason */
  linkChanged(link, reason) {
    this.link = link;
    this.linkReason = reason;
    if (link !== "live") this.isSpeaking = false;
    this.onChange(new Set(["link"]));
  }

  /** @param {MicState} mic */
  micChanged(mic) {
    this.mic = mic;
    this.onChange(new Set(["mic"]));
  }

  /** @param {boolean} isPlaying */
  sampleChanged(isPlaying) {
    this.isPlayingSample = isPlaying;
    this.onChange(new Set(["mic"]));
  }

  /** @param {RecordingState | null} recording */
  recordingChanged(recording) {
    this.recording = recording && { ...recording };
    this.onChange(new Set(["recording"]));
  }

  dismissNotice() {
    this.notice = null;
    this.onChange(new Set(["notice"]));
  }

  /** @param {Message} message */
  take(message) {
    const handler = HANDLERS[message.type];
    if (handler) this.onChange(new Set(handler(this, message)));
  }

  /** @param {Message} ready */
  sessionReady(ready) {
    this.hasExpired = this.#hadSession && !ready.resumed;
    if (this.hasExpired) {
      this.captions.clear();
      this.chips = NO_CHIPS;
      this.readback = null;
      this.order = null;
    }
    this.#hadSession = true;
    this.session = ready;
    this.mode = ready.mode === "batch" ? "batch" : "streaming";
    if (!ready.resumed) this.modeText = "";
    this.serverState = ready.resumed ? this.serverState : "ready";
  }

  /** A later order on the same page begins anew. */
  startOver() {
    this.captions.clear();
    this.chips = NO_CHIPS;
    Object.assign(this, { cart: null, canUndo: false, announcement: "", readback: null, order: null, notice: null });
    Object.assign(this, { serverState: "ready", session: null, hasExpired: false, hasEarsFailed: false });
    Object.assign(this, { mode: "streaming", modeText: "", recording: null });
    this.#hadSession = false;
    this.onChange(new Set(["captions", "cart", "chips", "readback", "order", "notice", "state", "session", "recording"]));
  }
}

/** What each message changes, and which parts of the page follow. @type {Record<string, (call: Call, message: any) => string[]>} */
const HANDLERS = {
  "session.ready": (call, message) => {
    call.sessionReady(message);
    return ["session", "captions", "chips", "readback", "order", "state"];
  },
  mode: (call, { mode, text }) => {
    call.mode = mode === "batch" ? "batch" : "streaming";
    call.modeText = text;
    return ["session", "state"];
  },
  state: (call, { state }) => {
    call.serverState = state;
    return ["state"];
  },
  caption: (call, message) => {
    call.captions.take(message);
    if (message.speaker === "customer") call.notice = null;
    return ["captions", "notice"];
  },
  cart: (call, { cart, announcement, can_undo: canUndo }) => {
    call.cart = cart;
    call.announcement = announcement;
    call.canUndo = canUndo;
    return ["cart"];
  },
  chips: (call, { question, chips }) => {
    call.chips = { question, chips };
    return ["chips"];
  },
  readback: (call, { open, revision, text }) => {
    call.readback = open ? { revision, text } : null;
    return ["readback"];
  },
  "order.placed": (call, message) => {
    call.order = message;
    call.readback = null;
    call.chips = NO_CHIPS;
    return ["order", "readback", "chips"];
  },
  "speech.start": (call, { interruptible }) => {
    call.isSpeaking = true;
    call.isInterruptible = interruptible;
    return ["state"];
  },
  "speech.clear": (call) => {
    call.isSpeaking = false;
    return ["state"];
  },
  "speech.heard": (call) => {
    call.isSpeaking = false; // our own: the player has played it to the end
    return ["state"];
  },
  notice: (call, { code, text }) => {
    call.notice = { code, text, isError: false };
    if (code === "typed_only") call.hasEarsFailed = true;
    return ["notice", "session"];
  },
  error: (call, { code, ref }) => {
    if (!ref) return []; // about the wire, in English, for developers: nothing a customer could do
    call.notice = { code, text: "", isError: true };
    return ["notice"];
  },
};

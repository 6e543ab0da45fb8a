// @ts-check
/** Turns of a batch call: recorded utterances, sent while they are spoken, and followed until they are in the basket. No DOM.
 *
 * Each recording is kept here until its words are in the dialogue; what the customer sees is the newest one that isn't done.
 */

import { EndOfSpeech } from "../audio/end_of_speech.js";
import { PCM_TYPE } from "../audio/recorder.js";
import { isWorthSending, laterStage } from "./progress.js";
import { askAbout, Upload } from "./upload.js";

export const LONGEST_MS = 60_000;
export const UNSPOKEN_MS = 8_000; // an open microphone and not a word
export const ASK_MS = 1_000;
export const SOCKET_SILENT_MS = 3_000; // after that the state is asked for as well
const DONE_SHOWN_MS = 2_000;
const BEGUN = { stage: "receiving", share: 0, seconds: 0, failure: "", canSendAgain: false };

/** @typedef {import("./progress.js").RecordingState} RecordingState */
/** Why a recording ended by itself. @typedef {"silence" | "too_long" | "nothing"} Ending */
/** @typedef {{ upload: Upload, state: RecordingState, heardAt: number, isAsked: boolean }} Turn */
/** Being spoken; its turn begins with the first word, once it is certain that it is wanted.
 * @typedef {{ held: Blob[], hearing: EndOfSpeech, spokenMs: number, turn: Turn | null, isWanted: boolean }} Open */
/**
 * @typedef {Object} RecordingsParts
 * @property {import("./call.js").Call} call
 * @property {import("../audio/recorder.js").Recorder} recorder
 * @property {string} url of the restaurant's recordings
 * @property {() => string | null} session
 * @property {() => boolean} isToldLive progress and words come by themselves; else they are asked for
 * @property {{ put(kept: Kept): void, remove(key: string): void }} store what a reload of the page must not lose
 * @property {typeof fetch} [fetch]
 * @property {() => string} [newKey]
 * @property {() => number} [now] milliseconds
 * @property {() => number} [random]
 */
/** @typedef {import("./kept_recordings.js").Kept} Kept */

export class Recordings {
  #owner;
  #parts;
  #now;
  /** @type {Turn[]} */
  #turns = [];
  /** Recordings that are over for the page, though the server may still speak. @type {Set<string>} */
  #over = new Set();
  /** @type {Open | null} */
  #open = null;
  #stopAsking = () => {};
  /** @type {(ending: Ending) => void} */
  onEnding = () => {};
  /** What the server would have said over a socket. @type {(messages: import("./socket.js").Message[]) => void} */
  onMessages = () => {};

  /** The reply can be heard there. @type {(url: string) => void} */
  onReply = () => {};

  /** @param {import("../lib/owner.js").Owner} owner @param {RecordingsParts} parts */
  constructor(owner, parts) {
    this.#owner = owner;
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
    parts.recorder.onData = (bytes) => this.#recorded(bytes);
  }

  get isOpen() {
    return this.#open !== null;
  }

  /** Something is on its way or being worked on. */
  get isBusy() {
    return this.#turns.some(({ state }) => ["sending", "waiting", "working"].includes(state.phase));
  }

  /** @param {MediaStream} stream @param {boolean} isWanted false: nobody knows yet; `want` says so later */
  begin(stream, isWanted) {
    this.#open = { held: [], hearing: new EndOfSpeech(), spokenMs: 0, turn: null, isWanted };
    this.#parts.recorder.start(stream);
    this.#show();
  }

  /** The call is batch: what was recorded so far goes out. */
  want() {
    if (this.#open) this.#open.isWanted = true;
  }

  /** A frame of the capture worklet: tells when speech ends. @param {{ pcm: Int16Array, level: number }} frame @param {number} ms */
  takeFrame({ pcm, level }, ms) {
    const open = this.#open;
    if (!open) return;
    this.#parts.recorder.takeSamples(pcm);
    const speech = open.hearing.take(level, ms);
    const secondsBefore = Math.floor(open.spokenMs / 1000);
    open.spokenMs += ms;
    if (speech !== "quiet" && !open.turn && open.isWanted) this.#send(open);
    if (Math.floor(open.spokenMs / 1000) !== secondsBefore) this.#show();
    if (speech === "ended") this.onEnding("silence");
    else if (open.spokenMs >= LONGEST_MS) this.onEnding("too_long");
    else if (speech === "quiet" && open.spokenMs >= UNSPOKEN_MS) this.onEnding("nothing");
  }

  /** @param {Blob} bytes */
  #recorded(bytes) {
    const open = this.#open;
    if (open?.turn) open.turn.upload.add(bytes);
    else open?.held.push(bytes);
  }

  /** Speech was heard: from here on it goes out while it grows. @param {Open} open @returns {Turn} */
  #send(open) {
    const { format } = this.#parts.recorder;
    const turn = this.#follow(this.#newKey(), format.contentType, format.rateHz);
    open.turn = turn;
    for (const bytes of open.held.splice(0)) turn.upload.add(bytes);
    return turn;
  }

  /** @param {boolean} isWanted false: as if nothing had been said */
  async end(isWanted) {
    const open = this.#open;
    if (!open) return;
    if (!isWanted) {
      this.#open = null;
      this.#parts.recorder.discard();
      if (open.turn) this.#forget(open.turn);
      this.#show();
      return;
    }
    await this.#parts.recorder.stop();
    if (this.#open !== open) return; // thrown away meanwhile
    const turn = open.turn ?? this.#send(open);
    this.#open = null;
    this.#keep(turn);
    turn.upload.finish();
    this.#show();
  }

  /** A whole recording: from an earlier view of this page, or not the microphone's. @param {Kept} kept */
  takeUp({ key, contentType, rateHz, audio }) {
    const turn = this.#follow(key, contentType, rateHz);
    turn.upload.add(audio);
    this.#keep(turn);
    turn.upload.finish();
    this.#show();
  }

  /** @param {Int16Array[]} frames @param {number} rateHz */
  sendSamples(frames, rateHz) {
    const audio = new Blob(/** @type {Int16Array<ArrayBuffer>[]} */ (frames));
    this.takeUp({ key: this.#newKey(), contentType: PCM_TYPE, rateHz, audio });
  }

  /** @param {import("./socket.js").Message} progress */
  received({ recording, stage }) {
    const turn = this.#turns.find(({ upload }) => upload.id === recording);
    if (turn && stage === "failed") void this.#ask(turn); // for the reason
    else if (turn) this.#reached(turn, stage, "");
    else if (!this.#turns.length && !this.#open && !this.#over.has(recording)) this.#showForeign(stage);
  }

  connectionIsBack() {
    for (const { upload } of this.#turns) upload.retry();
  }

  /** The button under a failure: what waits goes at once, what failed is sent as a new recording. */
  sendAgain() {
    for (const turn of [...this.#turns]) {
      if (turn.upload.state === "waiting") turn.upload.retry();
      else if (turn.state.phase === "failed" && turn.state.canSendAgain) this.#again(turn);
    }
  }

  /** The call is over. */
  forgetAll() {
    void this.end(false);
    for (const turn of [...this.#turns]) this.#forget(turn);
    this.#show();
  }

  /** @param {Turn} turn */
  #again(turn) {
    const { audio, format } = turn.upload;
    this.#forget(turn);
    this.takeUp({ key: this.#newKey(), ...format, audio });
  }

  /** @param {string} key @param {string} contentType @param {number | null} rateHz @returns {Turn} */
  #follow(key, contentType, rateHz) {
    for (const turn of this.#turns.filter(({ state }) => state.phase === "failed")) this.#forget(turn); // said anew
    const upload = new Upload(this.#owner, { ...this.#parts, key, contentType, rateHz });
    /** @type {RecordingState} */
    const state = { ...BEGUN, phase: "sending" };
    const turn = { upload, state, heardAt: this.#now(), isAsked: false };
    upload.onChange = () => this.#uploaded(turn);
    this.#turns.push(turn);
    if (this.#turns.length === 1) this.#stopAsking = this.#owner.every(ASK_MS, () => this.#askAll());
    return turn;
  }

  /** @param {Turn} turn */
  #uploaded(turn) {
    const { upload, state } = turn;
    state.share = upload.share;
    if (upload.state === "refused") this.#fail(turn, upload.code);
    else if (upload.state !== "sent") state.phase = upload.state;
    else if (state.phase !== "working") {
      Object.assign(state, { phase: "working", share: 1, stage: laterStage(state.stage, "received") });
      turn.heardAt = this.#now();
      this.#parts.store.remove(upload.key);
    }
    this.#show();
  }

  /** @param {Turn} turn @param {string} stage @param {string} failure */
  #reached(turn, stage, failure) {
    turn.heardAt = this.#now();
    turn.state.stage = laterStage(turn.state.stage, stage);
    const isAnswered = stage === "done" || (stage === "speaking" && this.#parts.isToldLive()); // the rest is listening
    if (stage === "failed") this.#fail(turn, failure);
    else if (isAnswered && turn.state.phase !== "done") this.#finish(turn);
    this.#show();
  }

  /** @param {Turn} turn */
  #finish(turn) {
    turn.state.phase = "done";
    if (turn.upload.id) this.#over.add(turn.upload.id);
    this.#owner.after(DONE_SHOWN_MS, () => {
      this.#forget(turn);
      this.#show();
    });
  }

  /** @param {Turn} turn @param {string} failure */
  #fail(turn, failure) {
    Object.assign(turn.state, { phase: "failed", failure, canSendAgain: isWorthSending(failure) });
    this.#parts.store.remove(turn.upload.key);
  }

  /** @param {Turn} turn */
  #keep({ upload }) {
    this.#parts.store.put({ key: upload.key, ...upload.format, audio: upload.audio });
  }

  /** @param {Turn} turn */
  #forget(turn) {
    this.#turns = this.#turns.filter((one) => one !== turn);
    turn.upload.onChange = () => {};
    turn.upload.cancel();
    this.#parts.store.remove(turn.upload.key);
    if (!this.#turns.length) this.#stopAsking();
  }

  #askAll() {
    const isLive = this.#parts.isToldLive();
    for (const turn of this.#turns) {
      const isDue = turn.state.phase === "working" && (!isLive || this.#now() - turn.heardAt > SOCKET_SILENT_MS);
      if (isDue && !turn.isAsked) void this.#ask(turn);
    }
  }

  /** @param {Turn} turn */
  async #ask(turn) {
    turn.isAsked = true;
    try {
      const { stage, failure, result } = await askAbout(this.#parts, turn.upload.id ?? "");
      if (this.#turns.includes(turn)) this.#answered(turn, stage, failure, result);
    } catch {
      // Asked again in a second: the server has the recording, nothing is lost by waiting.
    } finally {
      turn.isAsked = false;
    }
  }

  /** @param {Turn} turn @param {string} stage @param {{ code: string } | null} failure @param {any} result */
  #answered(turn, stage, failure, result) {
    if (stage !== turn.state.stage) this.#reached(turn, stage, failure?.code ?? "");
    if (stage !== "done" || !result) return;
    this.onMessages(result.messages ?? []);
    if (result.audio) this.onReply(result.audio);
  }

  #newKey() {
    return this.#parts.newKey?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  #show() {
    const { call } = this.#parts;
    if (this.#open) call.recordingChanged({ ...BEGUN, phase: "recording", seconds: this.#open.spokenMs / 1000 });
    else call.recordingChanged(this.#turns.findLast(({ state }) => state.phase !== "done")?.state ?? this.#turns.at(-1)?.state ?? null);
  }

  /** A recording of the server's own: the words it had when streaming stopped. @param {string} stage */
  #showForeign(stage) {
    const phase = stage === "done" || stage === "speaking" ? "done" : stage === "failed" ? "failed" : "working";
    const { call } = this.#parts;
    call.recordingChanged({ ...BEGUN, phase, stage, share: 1 });
    if (phase === "done") this.#owner.after(DONE_SHOWN_MS, () => !this.#open && !this.#turns.length && call.recordingChanged(null));
  }
}

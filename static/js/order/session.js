// @ts-check
/** One customer's ordering on this page: ties call, socket, voice, player and sample together. Decides; shows nothing. */

import { CAPTURE_RATE_HZ } from "../audio/microphone.js";
import { Unconfirmed } from "./unconfirmed.js";
import { VoiceInput } from "./voice_input.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./socket.js").Message} Message */
/** @typedef {import("./item_choice.js").ItemChoice} ItemChoice */
/**
 * @typedef {Object} SessionParts
 * @property {Call} call
 * @property {Pick<import("./line.js").Line, "open" | "send" | "sendAudio" | "hangUp" | "link" | "session" | "carriesSound" | "onLink" | "onMessage" | "onAudio" | "onUnheard">} socket
 * @property {import("../audio/context.js").Audio} audio
 * @property {import("../audio/microphone.js").Microphone} microphone
 * @property {import("../audio/player.js").Player} player
 * @property {import("../audio/clip.js").Clip} clip replies that come as a file
 * @property {import("./recordings.js").Recordings} recordings
 * @property {Pick<import("./kept_recordings.js").KeptRecordings, "takeAll">} store
 * @property {{ want(isWanted: boolean): void }} wakeLock
 * @property {string} language
 * @property {number} frameMs
 * @property {(session: string | null) => void} remember keeps the session's id for a reload of the page
 */

export class OrderSession {
  #parts;
  #isSilent = false;
  #isVoiceWanted = false;
  #sentCaptionsOnly = true;
  #nextRef = 1;
  #unconfirmed = new Unconfirmed();
  /** A resumed session is being shown again; what is not in it by then never arrived. */
  #isCatchingUp = false;
  /** Meals whose parts follow once their line stands, by the ref of the edit. @type {Map<string, ItemChoice>} */
  #meals = new Map();
  #voice;
  /** The page has had a session: what an earlier view of it left behind has been looked at. */
  #hasBegun = false;

  /** @param {SessionParts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { audio, call, player, recordings, socket } = parts;
    this.#voice = new VoiceInput(parts);
    this.#voice.onSource = () => this.announceSource();
    this.#voice.onSilence = () => this.stopSpeaking();
    socket.onLink = (link, reason) => this.#linkChanged(link, reason);
    socket.onMessage = (message) => this.#received(message);
    socket.onAudio = (frame) => player.push(frame);
    socket.onUnheard = (frames) => this.#voice.rescue(frames);
    recordings.onMessages = (messages) => messages.forEach((message) => this.#received(message));
    recordings.onReply = (url) => void this.#playReply(url);
    player.onPlayed = ({ response, playedMs, isFinished }) => {
      socket.send({ type: "playout", response, played_ms: playedMs, finished: isFinished });
      if (isFinished) call.take({ type: "speech.heard", response });
    };
    audio.onRunning = (isRunning) => !isRunning && this.#isVoiceWanted && this.#voice.onTrouble("order.sound_blocked");
  }

  /** @param {(level: number) => void} show */
  set onLevel(show) {
    this.#voice.onLevel = show;
  }

  /** @param {(key: string) => void} say a text of the page that must be said now */
  set onTrouble(say) {
    this.#voice.onTrouble = say;
  }

  /** Takes up the session of an earlier view of this page, if there is one. */
  takeUp() {
    if (this.#parts.socket.session) this.#connect();
  }

  /** The microphone button, in a tap. */
  async toggleMicrophone() {
    await this.#voice.toggle();
  }

  /** In a tap. */
  async startTalking() {
    await this.#voice.start();
  }

  stopTalking() {
    this.#voice.stop();
  }

  connectionIsBack() {
    this.#parts.recordings.connectionIsBack();
  }

  /** What was recorded and did not arrive goes out again. */
  sendAgain() {
    this.#parts.recordings.sendAgain();
  }

  /** The microphone is open, or sound goes out from somewhere else: the sample. */
  announceSource() {
    this.#isVoiceWanted = true;
    this.wantSound();
    this.#announceAudio();
  }

  #announceAudio() {
    const { socket } = this.#parts;
    const isSame = socket.link === "live" && this.#sentCaptionsOnly === this.#isCaptionsOnly;
    if (!isSame) this.#connect();
    else if (this.#sendsFrames) socket.send({ type: "audio.start", audio: this.#format });
  }

  get #format() {
    return { sample_rate_hz: CAPTURE_RATE_HZ, encoding: /** @type {const} */ ("pcm16"), frame_ms: this.#parts.frameMs };
  }

  get #sendsFrames() {
    return this.#voice.needsFrames || this.#parts.call.isPlayingSample;
  }

  get #isCaptionsOnly() {
    return this.#isSilent || !this.#isVoiceWanted;
  }

  /** Replies are spoken only to who speaks, and never in "captions only". @param {boolean} [isSilent] */
  wantSound(isSilent = this.#isSilent) {
    this.#isSilent = isSilent;
    const { socket } = this.#parts;
    if (socket.link === "live" && this.#sentCaptionsOnly !== this.#isCaptionsOnly) this.#connect();
  }

  #connect() {
    const { socket, language } = this.#parts;
    this.#sentCaptionsOnly = this.#isCaptionsOnly;
    socket.open({ language, captionsOnly: this.#isCaptionsOnly, audio: this.#sendsFrames ? this.#format : null });
  }

  /** @param {Message} message */
  #send(message) {
    const { socket } = this.#parts;
    if (socket.link === "idle" || socket.link === "ended") this.#connect();
    this.#unconfirmed.sent(message);
    socket.send(message);
  }

  /** @param {string} text */
  say(text) {
    const words = text.trim();
    if (words) this.#send({ type: "text", text: words, ref: this.#ref() });
  }

  /** @param {object[]} edits */
  edit(edits) {
    if (edits.length) this.#send({ type: "cart.edit", revision: this.#revision, edits, ref: this.#ref() });
  }

  /** @param {ItemChoice} choice */
  add(choice) {
    const ref = this.#ref();
    if (choice.mealEdits("").length) this.#meals.set(ref, choice);
    this.#send({ type: "cart.edit", revision: this.#revision, edits: [choice.addition()], ref });
  }

  undo() {
    this.#send({ type: "undo", ref: this.#ref() });
  }

  review() {
    this.#send({ type: "order.review" });
  }

  /** @param {{ revision: number, name: string, phone: string }} details */
  confirm(details) {
    this.#send({ type: "order.confirm", ...details, ref: this.#ref() });
  }

  askPerson() {
    this.#send({ type: "person.request" });
  }

  stopSpeaking() {
    this.#parts.clip.stop();
    this.#send({ type: "speech.stop" });
  }

  /** A reply of a call without a socket: as a file, to who speaks. @param {string} url */
  async #playReply(url) {
    const { call, clip, socket } = this.#parts;
    if (this.#isCaptionsOnly || this.#parts.recordings.isOpen) return;
    const isBegun = () => call.take({ type: "speech.start", response: -1, text: "", interruptible: true });
    await clip.play(url, socket.session ?? "", isBegun);
    call.take({ type: "speech.heard", response: -1 });
  }

  /** A new order on the same page. */
  startOver() {
    const { call, socket, player } = this.#parts;
    if (call.mic === "on") this.stopTalking();
    socket.hangUp();
    this.#parts.clip.stop();
    player.forget();
    call.startOver();
    this.#parts.remember(null);
  }

  get #revision() {
    return this.#parts.call.cart?.revision ?? 0;
  }

  #ref() {
    const ref = `p${this.#nextRef}`;
    this.#nextRef += 1;
    return ref;
  }

  /** @param {import("./socket.js").Link} link @param {string} reason */
  #linkChanged(link, reason) {
    const { call, player, remember } = this.#parts;
    if (link === "ended") {
      this.#voice.end();
      remember(null);
    }
    if (link === "reconnecting" && call.link === "live") {
      player.forget();
      this.#unconfirmed.doubt();
    }
    call.linkChanged(link, reason);
  }

  /** @param {Message} message */
  #received(message) {
    const { call, player, recordings } = this.#parts;
    this.#unconfirmed.received(message);
    if (message.type === "session.ready") this.#begun(message);
    else if (message.type === "speech.pause") player.pause(message.response);
    else if (message.type === "speech.resume") player.resume(message.response);
    else if (message.type === "speech.clear") player.clear(message.response);
    else if (message.type === "speech.end" && message.total_ms === 0) player.end(message.response);
    else if (message.type === "cart") this.#completeMeal(message);
    else if (message.type === "progress") recordings.received(message);
    else if (message.type === "speech.start" && recordings.isOpen && call.mode === "batch") this.stopSpeaking(); // it would be recorded
    call.take(message);
    if (message.type === "session.ready" || message.type === "mode") this.#voice.modeKnown();
    else if (isUtteranceTaken(message)) this.#voice.utteranceTaken();
    if (message.type === "state" && this.#isCatchingUp) this.#catchUp();
    if (call.mic === "on" && !call.canHear && call.link === "live") this.stopTalking();
  }

  /** @param {Message} ready */
  #begun({ session, resumed, shows_again: showsAgain = true }) {
    this.#parts.remember(session);
    if (!this.#hasBegun) void this.#takeUpRecordings(resumed);
    this.#hasBegun = true;
    this.#isCatchingUp = resumed && showsAgain;
    if (!this.#isCatchingUp) this.#unconfirmed.takeLost(); // their order is gone
  }

  /** What a reload of the page cut off goes out, if its order is still there. @param {boolean} isSameOrder */
  async #takeUpRecordings(isSameOrder) {
    const kept = await this.#parts.store.takeAll();
    if (isSameOrder) for (const one of kept) this.#parts.recordings.takeUp(one);
  }

  #catchUp() {
    this.#isCatchingUp = false;
    for (const message of this.#unconfirmed.takeLost()) this.#send(message);
  }

  /** @param {Message} message */
  #completeMeal({ ref, cart }) {
    const choice = this.#meals.get(ref);
    if (!choice) return;
    this.#meals.delete(ref);
    const known = new Set((this.#parts.call.cart?.lines ?? []).map((/** @type {{ id: string }} */ line) => line.id));
    const line = cart.lines.find((/** @type {{ id: string, combo: string | null }} */ one) => !known.has(one.id) && one.combo === choice.combo);
    if (!line) return;
    const edits = choice.mealEdits(line.id);
    this.#send({ type: "cart.edit", revision: cart.revision, edits, ref: this.#ref() });
  }
}

/** @param {Message} message */
function isUtteranceTaken({ type, speaker, final, stage }) {
  return (type === "caption" && speaker === "customer" && final) || (type === "progress" && stage !== "receiving");
}

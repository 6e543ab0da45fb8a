// @ts-check
/** One customer's ordering on this page: ties call, socket, microphone, player and sample together. Decides; shows nothing. */

import { CAPTURE_RATE_HZ, MicrophoneError } from "../audio/microphone.js";
import { Unconfirmed } from "./unconfirmed.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./socket.js").VoiceSocket} VoiceSocket */
/** @typedef {import("./socket.js").Message} Message */
/** @typedef {import("./item_choice.js").ItemChoice} ItemChoice */
/**
 * @typedef {Object} SessionParts
 * @property {Call} call
 * @property {VoiceSocket} socket
 * @property {import("../audio/context.js").Audio} audio
 * @property {import("../audio/microphone.js").Microphone} microphone
 * @property {import("../audio/player.js").Player} player
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
  /** @type {(level: number) => void} */
  onLevel = () => {};
  /** @type {(key: string) => void} a text of the page that must be said now */
  onTrouble = () => {};

  /** @param {SessionParts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { call, socket, audio, microphone, player } = parts;
    socket.onLink = (link, reason) => this.#linkChanged(link, reason);
    socket.onMessage = (message) => this.#received(message);
    socket.onAudio = (frame) => player.push(frame);
    microphone.onAudio = ({ pcm, level, isFirstAfterGap }) => {
      this.onLevel(level);
      socket.sendAudio(pcm, isFirstAfterGap);
    };
    microphone.onLost = () => this.#microphoneLost();
    player.onPlayed = ({ response, playedMs, isFinished }) => {
      socket.send({ type: "playout", response, played_ms: playedMs, finished: isFinished });
      if (isFinished) call.take({ type: "speech.heard", response });
    };
    audio.onRunning = (isRunning) => !isRunning && this.#isVoiceWanted && this.onTrouble("order.sound_blocked");
  }

  /** Takes up the session of an earlier view of this page, if there is one. */
  takeUp() {
    if (this.#parts.socket.session) this.#connect();
  }

  /** The microphone button, in a tap. */
  async toggleMicrophone() {
    const { call } = this.#parts;
    if (call.mic === "on" || call.mic === "asking") this.stopTalking();
    else await this.startTalking();
  }

  /** In a tap. */
  async startTalking() {
    const { audio, call, microphone, player, wakeLock } = this.#parts;
    if (!audio.isSupported) {
      call.micChanged("unsupported");
      return;
    }
    call.micChanged("asking");
    try {
      await Promise.all([player.open(), microphone.open()]); // both inside the tap, before anything is awaited
    } catch (error) {
      call.micChanged(error instanceof MicrophoneError ? error.problem : "unsupported");
      return;
    }
    if (!microphone.isOpen) return; // tapped again meanwhile
    call.micChanged("on");
    wakeLock.want(true);
    this.#isVoiceWanted = true;
    this.wantSound();
    this.#announceAudio();
  }

  stopTalking() {
    const { call, microphone, socket, wakeLock } = this.#parts;
    const wasOn = call.mic === "on";
    microphone.mute(true);
    microphone.close();
    wakeLock.want(false);
    call.micChanged(wasOn ? "muted" : "off");
    if (wasOn) socket.send({ type: "audio.stop" });
  }

  #microphoneLost() {
    if (this.#parts.call.mic !== "on") return;
    this.stopTalking();
    this.onTrouble("order.mic_lost");
  }

  /** Sound goes out through the same socket from somewhere else: the sample. */
  announceSource() {
    this.#isVoiceWanted = true;
    this.wantSound();
    this.#announceAudio();
  }

  #announceAudio() {
    const { socket } = this.#parts;
    if (socket.link === "live" && this.#sentCaptionsOnly === this.#isCaptionsOnly) socket.send({ type: "audio.start", audio: this.#format });
    else this.#connect();
  }

  get #format() {
    return { sample_rate_hz: CAPTURE_RATE_HZ, encoding: /** @type {const} */ ("pcm16"), frame_ms: this.#parts.frameMs };
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
    const { call, socket, language } = this.#parts;
    const hasSource = call.mic === "on" || call.isPlayingSample;
    this.#sentCaptionsOnly = this.#isCaptionsOnly;
    socket.open({ language, captionsOnly: this.#isCaptionsOnly, audio: hasSource ? this.#format : null });
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
    this.#send({ type: "speech.stop" });
  }

  /** A new order on the same page. */
  startOver() {
    const { call, socket, player } = this.#parts;
    if (call.mic === "on") this.stopTalking();
    socket.hangUp();
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
    const { call, player, microphone, remember } = this.#parts;
    if (link === "ended") {
      if (microphone.isOpen) {
        microphone.close();
        call.micChanged("muted");
      }
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
    const { call, player } = this.#parts;
    this.#unconfirmed.received(message);
    if (message.type === "session.ready") this.#begun(message);
    else if (message.type === "speech.pause") player.pause(message.response);
    else if (message.type === "speech.resume") player.resume(message.response);
    else if (message.type === "speech.clear") player.clear(message.response);
    else if (message.type === "speech.end" && message.total_ms === 0) player.end(message.response);
    else if (message.type === "cart") this.#completeMeal(message);
    call.take(message);
    if (message.type === "state" && this.#isCatchingUp) this.#catchUp();
    if (call.mic === "on" && !call.canHear && call.link === "live") this.stopTalking();
  }

  /** @param {Message} ready */
  #begun({ session, resumed }) {
    this.#parts.remember(session);
    this.#isCatchingUp = resumed;
    if (!resumed) this.#unconfirmed.takeLost(); // their order is gone
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

// @ts-check
/** The microphone of a call: frames into the socket while the call streams, recordings when it is batch. Decides; shows nothing.
 *
 * Until the first session is ready nobody knows which it is: the frames are held and a recording runs, and one of the two is used.
 * When a call leaves streaming, the utterance being spoken goes on as frames to its end; after it, recordings.
 */

import { EndOfSpeech, hasSpeech } from "../audio/end_of_speech.js";
import { CAPTURE_RATE_HZ, MicrophoneError } from "../audio/microphone.js";

const HELD_FRAMES = 1_500; // as many as the socket keeps

/** @typedef {import("../audio/microphone.js").Captured} Captured */
/** undecided: both · frames · recording · finishing: frames of an utterance that began before the call left streaming
 * @typedef {"undecided" | "frames" | "recording" | "finishing"} Way */
/**
 * @typedef {Object} VoiceParts
 * @property {import("./call.js").Call} call
 * @property {Pick<import("./line.js").Line, "send" | "sendAudio" | "carriesSound">} socket
 * @property {import("../audio/context.js").Audio} audio
 * @property {import("../audio/microphone.js").Microphone} microphone
 * @property {import("../audio/player.js").Player} player
 * @property {import("./recordings.js").Recordings} recordings
 * @property {{ want(isWanted: boolean): void }} wakeLock
 * @property {number} frameMs
 */

export class VoiceInput {
  #parts;
  /** @type {Way} */
  #way = "undecided";
  /** @type {Captured[]} */
  #held = [];
  #hearing = new EndOfSpeech();
  /** The microphone is open: the session is to carry sound. @type {() => void} */
  onSource = () => {};
  /** The assistant is to be silent now. @type {() => void} */
  onSilence = () => {};
  /** @type {(level: number) => void} */
  onLevel = () => {};
  /** @type {(key: string) => void} a text of the page that must be said now */
  onTrouble = () => {};

  /** @param {VoiceParts} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.microphone.onAudio = (captured) => this.#captured(captured);
    parts.microphone.onLost = () => this.#lost();
    parts.recordings.onEnding = (ending) => this.#endedByItself(ending);
  }

  /** Frames go, or may have to go, through the socket. */
  get needsFrames() {
    return this.#parts.call.mic === "on" && this.#way !== "recording";
  }

  /** The microphone button, in a tap. */
  async toggle() {
    const { call } = this.#parts;
    if (call.mic === "on" || call.mic === "asking") this.stop();
    else await this.start();
  }

  /** In a tap. */
  async start() {
    const { audio, call, microphone, player, wakeLock } = this.#parts;
    if (!audio.isSupported) {
      call.micChanged("unsupported");
      return;
    }
    call.dismissNotice();
    call.micChanged("asking");
    try {
      await Promise.all([player.open(), microphone.open()]); // both inside the tap, before anything is awaited
    } catch (error) {
      call.micChanged(error instanceof MicrophoneError ? error.problem : "unsupported");
      return;
    }
    if (!microphone.isOpen) return; // tapped again meanwhile
    if (call.isSpeaking && call.mode === "batch") this.onSilence(); // it would be recorded
    this.#begin();
    call.micChanged("on");
    wakeLock.want(true);
    this.onSource();
  }

  #begin() {
    const { call, microphone, recordings } = this.#parts;
    this.#way = !call.session ? "undecided" : call.mode === "batch" ? "recording" : "frames";
    this.#held = [];
    this.#hearing = new EndOfSpeech();
    if (this.#way !== "frames" && microphone.stream) recordings.begin(microphone.stream, this.#way === "recording");
  }

  /** What was said so far is a turn. */
  stop() {
    const { call, recordings, socket } = this.#parts;
    const wasOn = call.mic === "on";
    const way = this.#way;
    this.#close(wasOn && way !== "recording" ? "muted" : "off");
    if (way === "recording") void recordings.end(true);
    else if (wasOn) this.#endFrames(way);
    else void recordings.end(false);
    if (wasOn && way !== "recording") socket.send({ type: "audio.stop" });
  }

  /** Tapped off before the session was there: the frames wait in the socket like words that were typed. @param {Way} way */
  #endFrames(way) {
    if (way !== "undecided") return;
    this.#release();
    void this.#parts.recordings.end(false);
  }

  /** @param {import("./call.js").MicState} mic */
  #close(mic) {
    const { call, microphone, wakeLock } = this.#parts;
    microphone.mute(true);
    microphone.close();
    wakeLock.want(false);
    call.micChanged(mic);
  }

  /** A session is ready, or the call has left streaming. */
  modeKnown() {
    const { call, microphone, recordings } = this.#parts;
    if (call.mic !== "on") return;
    const isBatch = call.mode === "batch";
    if (this.#way === "undecided" && isBatch) {
      this.#way = "recording";
      this.#held = [];
      recordings.want();
    } else if (this.#way === "undecided") {
      this.#way = "frames";
      this.#release();
      void recordings.end(false);
    } else if (this.#way === "frames" && isBatch) {
      const isOpen = this.#hearing.state === "speaking" || call.captions.isOpen("customer");
      if ((isOpen && this.#parts.socket.carriesSound) || !microphone.stream) this.#way = "finishing";
      else this.#record(microphone.stream);
    }
    call.micChanged("on"); // the page says recording now, or listening
  }

  /** The server has all of an utterance: its words, or the recording it makes of it. */
  utteranceTaken() {
    if (this.#way === "finishing" && this.#parts.call.mic === "on" && this.#hearing.state !== "speaking") this.stop();
  }

  /** Words in frames that found no way go as a recording. @param {Int16Array[]} frames */
  rescue(frames) {
    if (hasSpeech(frames, CAPTURE_RATE_HZ)) this.#parts.recordings.sendSamples(frames, CAPTURE_RATE_HZ);
  }

  /** Nothing was being said: the open microphone becomes a recording. @param {MediaStream} stream */
  #record(stream) {
    this.#way = "recording";
    this.#parts.socket.send({ type: "audio.stop" });
    this.#parts.recordings.begin(stream, true);
  }

  #release() {
    for (const { pcm, isFirstAfterGap } of this.#held.splice(0)) this.#parts.socket.sendAudio(pcm, isFirstAfterGap);
  }

  /** @param {Captured} captured */
  #captured(captured) {
    const { frameMs, recordings, socket } = this.#parts;
    const { pcm, level, isFirstAfterGap } = captured;
    this.onLevel(level);
    if (this.#way === "undecided" && this.#held.push(captured) > HELD_FRAMES) this.#held.shift();
    if (this.#way === "undecided" || this.#way === "recording") {
      recordings.takeFrame(captured, frameMs);
      return;
    }
    socket.sendAudio(pcm, isFirstAfterGap);
    if (this.#hearing.take(level, frameMs) !== "ended") return;
    if (this.#way === "finishing") this.stop();
    else this.#hearing.again();
  }

  /** @param {import("./recordings.js").Ending} ending */
  #endedByItself(ending) {
    const { recordings } = this.#parts;
    if (this.#way === "undecided") return; // the socket's frames know no such ends
    if (ending === "nothing") void recordings.end(false);
    this.stop();
    if (ending !== "silence") this.onTrouble(`order.record_${ending}`);
  }

  #lost() {
    if (this.#parts.call.mic !== "on") return;
    this.stop();
    this.onTrouble("order.mic_lost");
  }

  /** The call has ended: nobody listens any more. */
  end() {
    const { call, microphone, recordings, wakeLock } = this.#parts;
    recordings.forgetAll();
    this.#held = [];
    if (!microphone.isOpen) return;
    microphone.close();
    wakeLock.want(false);
    call.micChanged("muted");
  }
}

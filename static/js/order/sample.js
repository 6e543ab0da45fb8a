// @ts-check
/** "Try a sample order": bundled recordings go into the socket at the pace of a microphone, one after each reply. */

import { PacedFrames, readWav } from "../audio/recording.js";
import { Owner } from "../lib/owner.js";

const TICK_MS = 20;
const SILENCE_AFTER_MS = 1_500; // so that the end of speech can be heard
const PAUSE_BETWEEN_MS = 700;
const REPLY_WAIT_MS = 15_000;
const RECORDING_WAIT_MS = 60_000;

/**
 * @typedef {Object} SampleParts
 * @property {import("./call.js").Call} call
 * @property {import("./session.js").OrderSession} session
 * @property {Pick<import("./line.js").Line, "sendAudio" | "carriesSound">} socket
 * @property {import("./recordings.js").Recordings} recordings
 * @property {import("../audio/context.js").Audio} audio
 * @property {import("../audio/player.js").Player} player
 * @property {number} frameMs
 */

export class Sample {
  #parts;
  #owner;
  /** @type {Owner | null} */
  #run = null;

  /** @param {Owner} owner @param {SampleParts} parts */
  constructor(owner, parts) {
    this.#owner = owner;
    this.#parts = parts;
  }

  get isPlaying() {
    return this.#run !== null;
  }

  /** In a tap. @param {string[]} urls @throws {Error} when a recording can't be had */
  async play(urls) {
    this.stop();
    const run = new Owner();
    const release = this.#owner.hold("sample", () => run.close());
    this.#run = run;
    const { audio, call, player, session } = this.#parts;
    run.hold("state", () => {
      this.#run = null;
      release();
      call.sampleChanged(false);
    });
    try {
      const sound = player.open(); // inside the tap
      if (call.mic === "on") session.stopTalking();
      const [context, ...files] = await Promise.all([audio.open(), ...urls.map(load)]);
      await sound;
      if (run.isClosed) return;
      call.sampleChanged(true);
      session.announceSource();
      for (const { file, recording } of files) {
        await this.#say(run, context, file, recording);
        await this.#replied(run);
      }
    } finally {
      run.close();
    }
  }

  stop() {
    this.#run?.close();
  }

  /**
   * Into the socket, and softly into the room so that it can be followed.
   * @param {Owner} run @param {AudioContext} context @param {ArrayBuffer} file @param {{ rateHz: number, pcm: Int16Array }} recording
   */
  async #say(run, context, file, { rateHz, pcm }) {
    if (run.isClosed) return;
    const heard = context.createBufferSource();
    heard.buffer = await context.decodeAudioData(file.slice(0));
    heard.connect(context.destination);
    heard.start();
    const release = run.hold("node", () => {
      heard.stop();
      heard.disconnect();
    });
    const silence = new Int16Array(Math.round((rateHz * SILENCE_AFTER_MS) / 1000));
    const padded = new Int16Array(pcm.length + silence.length);
    padded.set(pcm);
    const frames = new PacedFrames(padded, { rateHz, frameMs: this.#parts.frameMs });
    const startedAt = performance.now();
    let isFirst = true;
    await until(run, TICK_MS, Infinity, () => {
      for (const frame of frames.due(performance.now() - startedAt)) {
        this.#parts.socket.sendAudio(frame, isFirst);
        isFirst = false;
      }
      return frames.isDone;
    });
    release();
    if (!this.#parts.socket.carriesSound) await this.#sendWhole(run, pcm, rateHz);
  }

  /** Where no socket gets through. @param {Owner} run @param {Int16Array} pcm @param {number} rateHz */
  async #sendWhole(run, pcm, rateHz) {
    if (run.isClosed) return;
    const { recordings } = this.#parts;
    recordings.sendSamples([pcm], rateHz);
    await until(run, 100, RECORDING_WAIT_MS, () => !recordings.isBusy);
  }

  /** The reply has been heard, and a moment more. @param {Owner} run */
  async #replied(run) {
    const { call } = this.#parts;
    let quietSince = performance.now();
    await until(run, 100, REPLY_WAIT_MS, () => {
      if (call.isSpeaking || call.serverState === "thinking" || call.serverState === "speaking") quietSince = performance.now();
      return performance.now() - quietSince >= PAUSE_BETWEEN_MS;
    });
  }
}

/** @param {string} url */
async function load(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const file = await response.arrayBuffer();
  return { file, recording: readWav(file) };
}

/** Asks again and again; also over when the run is closed. @param {Owner} run @param {number} everyMs @param {number} longestMs @param {() => boolean} isDone @returns {Promise<void>} */
function until(run, everyMs, longestMs, isDone) {
  return new Promise((resolve) => {
    if (run.isClosed) return resolve();
    const startedAt = performance.now();
    const finish = () => {
      stop();
      resolve();
    };
    const timer = setInterval(() => (isDone() || performance.now() - startedAt > longestMs) && finish(), everyMs);
    const stop = run.hold("interval", () => {
      clearInterval(timer);
      resolve();
    });
  });
}

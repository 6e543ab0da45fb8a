// @ts-check
/** The microphone: asked for in a tap, captured in a worklet, given back whole. */

import { Owner } from "../lib/owner.js";

export const CAPTURE_RATE_HZ = 16_000;

/** denied: the person or the system said no · missing: there is none · busy: another program has it · unsupported: this browser can't
 * @typedef {"denied" | "missing" | "busy" | "unsupported"} MicrophoneProblem */

export class MicrophoneError extends Error {
  /** @param {MicrophoneProblem} problem */
  constructor(problem) {
    super(`microphone ${problem}`);
    this.problem = problem;
  }
}

const PROBLEMS = /** @type {Record<string, MicrophoneProblem>} */ ({
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
});

/** @typedef {{ pcm: Int16Array, level: number, isFirstAfterGap: boolean }} Captured */

export class Microphone {
  #owner;
  #audio;
  #frameMs;
  /** @type {Owner | null} */
  #open = null;
  /** @type {AudioWorkletNode | null} */
  #node = null;
  /** What a recorder records; null while closed. @type {MediaStream | null} */
  stream = null;
  /** @type {(captured: Captured) => void} */
  onAudio = () => {};
  /** The device went away while open. */
  onLost = () => {};

  /**
   * @param {Owner} owner @param {import("./context.js").Audio} audio
   * @param {{ frameMs: number }} settings
   */
  constructor(owner, audio, { frameMs }) {
    this.#owner = owner;
    this.#audio = audio;
    this.#frameMs = frameMs;
  }

  get isOpen() {
    return this.#node !== null;
  }

  /** In a tap. @throws {MicrophoneError} */
  async open() {
    if (this.#open) return;
    if (!this.#audio.isSupported || !navigator.mediaDevices?.getUserMedia) throw new MicrophoneError("unsupported");
    const open = new Owner();
    const release = this.#owner.hold("microphone", () => open.close());
    this.#open = open;
    open.hold("slot", () => {
      this.#open = null;
      this.#node = null;
      this.stream = null;
      release();
    });
    try {
      const context = this.#audio.open(); // before the first await: iOS counts only this as the tap
      await this.#connect(open, await askForStream(), await context);
    } catch (error) {
      open.close();
      if (error instanceof MicrophoneError) throw error;
      throw new MicrophoneError(PROBLEMS[/** @type {Error} */ (error).name] ?? "unsupported");
    }
  }

  /** @param {Owner} open @param {MediaStream} stream @param {AudioContext} context */
  async #connect(open, stream, context) {
    open.hold("stream", () => stream.getTracks().forEach((track) => track.stop()));
    if (open.isClosed) return; // closed while the person was being asked
    for (const track of stream.getTracks()) open.listen(track, "ended", () => this.onLost());
    const source = context.createMediaStreamSource(stream);
    open.hold("node", () => source.disconnect());
    const node = new AudioWorkletNode(context, "comanda-capture", {
      processorOptions: { rateHz: CAPTURE_RATE_HZ, frameMs: this.#frameMs },
    });
    open.hold("worklet", () => {
      node.port.postMessage("close");
      node.port.onmessage = null;
      node.disconnect();
    });
    node.port.onmessage = ({ data }) => this.onAudio(data);
    source.connect(node);
    node.connect(context.destination); // silent; Safari only runs what leads to the loudspeaker
    this.#node = node;
    this.stream = stream;
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#node?.port.postMessage({ muted });
  }

  close() {
    this.#open?.close();
  }
}

function askForStream() {
  return navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
  });
}

// @ts-check
/** Records one utterance from an open microphone: compressed where the browser can, else the capture worklet's own samples. */

import { Owner } from "../lib/owner.js";
import { CAPTURE_RATE_HZ } from "./microphone.js";

/** Best first; all are containers that the server reads while they grow. */
export const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4"];
export const PCM_TYPE = "audio/pcm";
const SLICE_MS = 500;
const BITS_PER_SECOND = 32_000;

/** @typedef {{ contentType: string, rateHz: number | null }} RecordingFormat `rateHz` only of raw samples */
/** @typedef {{ media: MediaRecorder | null, owner: Owner, ended: Promise<void> }} Running */

export class Recorder {
  #owner;
  #Media;
  /** @type {Running | null} */
  #running = null;
  /** @type {RecordingFormat} */
  format = { contentType: PCM_TYPE, rateHz: CAPTURE_RATE_HZ };
  /** @type {(bytes: Blob) => void} */
  onData = () => {};

  /** @param {Owner} owner @param {typeof MediaRecorder | undefined} [Media] */
  constructor(owner, Media = globalThis.MediaRecorder) {
    this.#owner = owner;
    this.#Media = Media;
  }

  get isRunning() {
    return this.#running !== null;
  }

  /** @param {MediaStream} stream of the open microphone */
  start(stream) {
    this.discard();
    const owner = new Owner();
    const release = this.#owner.hold("recorder", () => owner.close());
    owner.hold("slot", release);
    const media = this.#media(stream);
    this.format = media ? { contentType: media.mimeType || TYPES[0] || "", rateHz: null } : { contentType: PCM_TYPE, rateHz: CAPTURE_RATE_HZ };
    this.#running = { media, owner, ended: Promise.resolve() };
    if (media) this.#follow(this.#running, media);
  }

  /** @param {MediaStream} stream @returns {MediaRecorder | null} */
  #media(stream) {
    const Media = this.#Media;
    const mimeType = TYPES.find((type) => Media?.isTypeSupported?.(type));
    if (!Media || !mimeType) return null;
    try {
      return new Media(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    } catch {
      return null; // it promised too much: the samples will do
    }
  }

  /** @param {Running} running @param {MediaRecorder} media */
  #follow(running, media) {
    running.owner.listen(media, "dataavailable", ({ data }) => data.size && this.onData(data));
    running.ended = new Promise((resolve) => running.owner.listen(media, "stop", () => resolve()));
    running.owner.hold("recording", () => media.state !== "inactive" && media.stop());
    media.start(SLICE_MS);
  }

  /** The worklet's samples: what is recorded where there is no MediaRecorder. @param {Int16Array} pcm */
  takeSamples(pcm) {
    if (this.#running && !this.#running.media) this.onData(new Blob([/** @type {Int16Array<ArrayBuffer>} */ (pcm)]));
  }

  /** Ends the recording; resolves when its last bytes have been given out. */
  async stop() {
    const running = this.#running;
    if (!running) return;
    if (running.media && running.media.state !== "inactive") running.media.stop();
    await running.ended; // also when it stopped by itself: the microphone is gone, its last bytes are not here yet
    if (this.#running === running) this.discard();
  }

  /** Nothing more of it is given out. */
  discard() {
    const running = this.#running;
    this.#running = null;
    running?.owner.close();
  }
}

// @ts-check
/** The microphone's side of the audio thread: device rate in, batches of mono PCM16 at the wire's rate out. Imports nothing.
 *
 * In: { muted: boolean } or "close". Out: { pcm: Int16Array, level: number (0 to 1), isFirstAfterGap: boolean }.
 */

/** @typedef {{ process(input: Float32Array): Float32Array }} StreamResampler */

class CaptureProcessor extends AudioWorkletProcessor {
  /** @param {{ processorOptions: { rateHz: number, frameMs: number } }} options */
  constructor({ processorOptions: { rateHz, frameMs } }) {
    super();
    /** @type {StreamResampler} */
    this.resampler = new /** @type {any} */ (globalThis).ComandaResampler(sampleRate, rateHz);
    this.frameSamples = Math.round((rateHz * frameMs) / 1000);
    this.frame = new Int16Array(this.frameSamples);
    this.filled = 0;
    this.energy = 0;
    this.isMuted = false;
    this.isClosed = false;
    this.isFirstAfterGap = true;
    this.port.onmessage = ({ data }) => this.obey(data);
  }

  /** @param {"close" | { muted: boolean }} order */
  obey(order) {
    if (order === "close") {
      this.isClosed = true;
      return;
    }
    if (order.muted && !this.isMuted) this.send(); // what was said so far goes out, short as it is
    this.isMuted = order.muted;
    if (order.muted) this.isFirstAfterGap = true;
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    if (this.isClosed) return false;
    const channels = inputs[0] ?? [];
    if (!this.isMuted && channels.length) this.take(this.resampler.process(this.mono(channels)));
    return true;
  }

  /** @param {Float32Array[]} channels */
  mono(channels) {
    const first = /** @type {Float32Array} */ (channels[0]);
    if (channels.length === 1) return first;
    return first.map((_, at) => channels.reduce((sum, channel) => sum + /** @type {number} */ (channel[at]), 0) / channels.length);
  }

  /** @param {Float32Array} samples */
  take(samples) {
    for (const sample of samples) {
      const value = Math.max(-1, Math.min(1, sample));
      this.frame[this.filled] = Math.round(value * 32767);
      this.energy += value * value;
      this.filled += 1;
      if (this.filled === this.frameSamples) this.send();
    }
  }

  send() {
    if (!this.filled) return;
    const pcm = this.frame.slice(0, this.filled);
    const level = Math.min(1, Math.sqrt(this.energy / this.filled) * 4);
    this.port.postMessage({ pcm, level, isFirstAfterGap: this.isFirstAfterGap }, [pcm.buffer]);
    this.filled = 0;
    this.energy = 0;
    this.isFirstAfterGap = false;
  }
}

registerProcessor("comanda-capture", CaptureProcessor);

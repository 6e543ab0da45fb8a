// @ts-check
/** The loudspeaker's side of the audio thread: a jitter buffer per response that counts what was really played. Imports nothing.
 *
 * In: { type: "push", response, pcm: Int16Array } | { type: "end" | "pause" | "resume" | "clear", response } | "forget" | "close".
 * Out: { response, playedMs, isFinished, level }, at most REPORT_MS apart while something plays, and at once when it ends or is cleared.
 */

const PREBUFFER_MS = 60; // heard later by this much, so that a late packet is not a gap
const REPORT_MS = 150;
const FADE_MS = 4; // long enough not to click

/** @typedef {{ response: number, resampler: { process(input: Float32Array): Float32Array }, chunks: Float32Array[], at: number,
 *   buffered: number, played: number, hasEnded: boolean, isPaused: boolean, isCleared: boolean, isPrimed: boolean }} Segment */

class PlaybackProcessor extends AudioWorkletProcessor {
  /** @param {{ processorOptions: { rateHz: number } }} options */
  constructor({ processorOptions: { rateHz } }) {
    super();
    this.rateHz = rateHz;
    /** @type {Segment[]} */
    this.segments = [];
    this.gain = 0;
    this.sinceReport = 0;
    this.energy = 0;
    this.isClosed = false;
    this.port.onmessage = ({ data }) => this.obey(data);
  }

  /** @param {any} order */
  obey(order) {
    if (order === "close") {
      this.isClosed = true;
      this.segments = [];
      return;
    }
    if (order === "forget") {
      for (const segment of this.segments) segment.isCleared = true; // fades out, is not reported, never comes back
      return;
    }
    if (order.type === "push") {
      this.push(this.segmentOf(order.response), order.pcm);
      return;
    }
    const segment = this.segments.find((one) => one.response === order.response);
    if (order.type === "end") this.end(segment, order.response);
    else if (!segment) return;
    else if (order.type === "clear") this.clear(segment);
    else segment.isPaused = order.type === "pause";
  }

  /** @param {number} response @returns {Segment} */
  segmentOf(response) {
    const found = this.segments.find((one) => one.response === response && !one.isCleared);
    if (found) return found;
    const made = {
      response,
      resampler: new /** @type {any} */ (globalThis).ComandaResampler(this.rateHz, sampleRate),
      chunks: [],
      at: 0,
      buffered: 0,
      played: 0,
      hasEnded: false,
      isPaused: false,
      isCleared: false,
      isPrimed: false,
    };
    this.segments.push(made);
    return made;
  }

  /** @param {Segment} segment @param {Int16Array} pcm */
  push(segment, pcm) {
    const samples = segment.resampler.process(Float32Array.from(pcm, (value) => value / 32768));
    if (!samples.length) return;
    segment.chunks.push(samples);
    segment.buffered += samples.length;
  }

  /** @param {Segment | undefined} segment @param {number} response */
  end(segment, response) {
    if (!segment) {
      this.port.postMessage({ response, playedMs: 0, isFinished: true, level: 0 }); // nothing ever came: it is over
      return;
    }
    this.push(segment, new Int16Array(Math.round(this.rateHz / 500))); // 2 ms flush the resampler's tail
    segment.hasEnded = true;
  }

  /** @param {Segment} segment */
  clear(segment) {
    segment.isCleared = true;
    this.report(segment, false);
    if (segment !== this.segments[0] || this.gain === 0) this.segments = this.segments.filter((one) => one !== segment);
  }

  /** @param {Float32Array[][]} _inputs @param {Float32Array[][]} outputs */
  process(_inputs, outputs) {
    if (this.isClosed) return false;
    const channels = outputs[0] ?? [];
    const out = channels[0];
    if (!out) return true;
    for (let at = 0; at < out.length; at += 1) out[at] = this.nextSample();
    for (const other of channels.slice(1)) other.set(out);
    this.sinceReport += out.length;
    const segment = this.segments[0];
    if (segment && this.sinceReport >= (sampleRate * REPORT_MS) / 1000) this.report(segment, false);
    return true;
  }

  nextSample() {
    const segment = this.segments[0];
    if (!segment) return 0;
    if (!segment.isPrimed) segment.isPrimed = segment.hasEnded || segment.buffered >= (sampleRate * PREBUFFER_MS) / 1000;
    const isWanted = segment.isPrimed && !segment.isPaused && !segment.isCleared;
    const step = 1000 / (sampleRate * FADE_MS);
    this.gain = isWanted ? Math.min(1, this.gain + step) : Math.max(0, this.gain - step);
    if (this.gain === 0) {
      if (segment.isCleared) this.segments.shift();
      return 0; // the next segment begins with the next sample
    }
    return this.takeSample(segment) * this.gain;
  }

  /** @param {Segment} segment */
  takeSample(segment) {
    const chunk = segment.chunks[0];
    if (!chunk) {
      this.ranOut(segment);
      return 0;
    }
    const sample = /** @type {number} */ (chunk[segment.at]);
    segment.at += 1;
    segment.buffered -= 1;
    if (!segment.isCleared) segment.played += 1;
    if (segment.at === chunk.length) {
      segment.chunks.shift();
      segment.at = 0;
    }
    this.energy += sample * sample;
    return sample;
  }

  /** @param {Segment} segment */
  ranOut(segment) {
    this.gain = 0;
    if (segment.hasEnded || segment.isCleared) {
      this.segments.shift();
      if (!segment.isCleared) this.report(segment, true);
    } else {
      segment.isPrimed = false; // an underrun: wait for a little more than one packet
    }
  }

  /** @param {Segment} segment @param {boolean} isFinished */
  report(segment, isFinished) {
    const level = Math.min(1, Math.sqrt(this.energy / Math.max(1, this.sinceReport)) * 4);
    const playedMs = Math.round((segment.played * 1000) / sampleRate);
    this.port.postMessage({ response: segment.response, playedMs, isFinished, level });
    this.sinceReport = 0;
    this.energy = 0;
  }
}

registerProcessor("comanda-playback", PlaybackProcessor);

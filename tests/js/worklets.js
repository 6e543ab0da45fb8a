// The scope of an audio worklet, as far as ours use it, on a clock the test turns.

/** Loads the real worklet files into a scope with this rate. Each call has processors of its own. */
export async function loadWorklets(rateHz) {
  const processors = {};
  globalThis.sampleRate = rateHz;
  globalThis.AudioWorkletProcessor = class {
    constructor() {
      this.port = { sent: [], postMessage: (message) => this.port.sent.push(message), onmessage: null };
    }
  };
  globalThis.registerProcessor = (name, processor) => (processors[name] = processor);
  for (const file of ["resampler", "capture-worklet", "playback-worklet"]) {
    await import(`../../static/js/audio/${file}.js?${rateHz}-${Math.random()}`);
  }
  return { Capture: processors["comanda-capture"], Playback: processors["comanda-playback"], Resampler: globalThis.ComandaResampler };
}

export const BLOCK = 128;

export function tone(hz, rateHz, seconds, level = 0.5) {
  return Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, at) => level * Math.sin((2 * Math.PI * hz * at) / rateHz));
}

export const rms = (samples) => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length));

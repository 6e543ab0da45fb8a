// @ts-check
/** A streaming resampler for the worklets, which import nothing: this file is added to their scope first and leaves a global.
 *
 * Windowed sinc (Kaiser, 16 zero crossings a side), cut at 0.92 of the lower Nyquist rate; positions are whole numbers, so it
 * never drifts. It keeps its state from call to call and may answer with nothing.
 */

const ZERO_CROSSINGS = 16;
const PASS = 0.92;
const KAISER_BETA = 8;
const PHASES = 256;

/** Modified Bessel function of the first kind, order 0, by its power series. @param {number} x */
function bessel0(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-10; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Taps for each fraction of a sample, each row with a gain of 1 at 0 Hz. @param {number} half @param {number} cutoff */
function kernelRows(half, cutoff) {
  return Array.from({ length: PHASES + 1 }, (_, phase) => {
    const row = new Float32Array(half * 2);
    let sum = 0;
    for (let tap = 0; tap < row.length; tap += 1) {
      const t = tap - half + 1 - phase / PHASES;
      const x = Math.PI * cutoff * t;
      const sinc = x === 0 ? 1 : Math.sin(x) / x;
      const edge = Math.min(1, Math.abs(t / half));
      const window = bessel0(KAISER_BETA * Math.sqrt(1 - edge * edge)) / bessel0(KAISER_BETA);
      const value = sinc * window;
      row[tap] = value;
      sum += value;
    }
    return row.map((value) => value / sum);
  });
}

class Resampler {
  /** @param {number} inputHz @param {number} outputHz */
  constructor(inputHz, outputHz) {
    const cutoff = PASS * Math.min(1, outputHz / inputHz);
    this.inputHz = inputHz;
    this.outputHz = outputHz;
    this.half = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.rows = inputHz === outputHz ? [] : kernelRows(this.half, cutoff);
    this.history = new Float32Array(this.half - 1); // silence before the first sample
    this.phase = 0; // in 1/outputHz of an input sample
  }

  /** @param {Float32Array} input @returns {Float32Array} a new array, possibly empty */
  process(input) {
    if (this.inputHz === this.outputHz) return input.slice();
    const samples = new Float32Array(this.history.length + input.length);
    samples.set(this.history);
    samples.set(input, this.history.length);
    const width = this.half * 2;
    /** @type {number[]} */
    const output = [];
    let start = 0;
    while (start + width <= samples.length) {
      output.push(this.sampleAt(samples, start));
      this.phase += this.inputHz;
      start += Math.floor(this.phase / this.outputHz);
      this.phase %= this.outputHz;
    }
    this.history = samples.slice(start); // a step is shorter than the kernel, so `start` is never past the end
    return Float32Array.from(output);
  }

  /** @param {Float32Array} samples @param {number} start */
  sampleAt(samples, start) {
    const place = (this.phase / this.outputHz) * PHASES;
    const index = Math.floor(place);
    const blend = place - index;
    const low = /** @type {Float32Array} */ (this.rows[index]);
    const high = /** @type {Float32Array} */ (this.rows[index + 1]);
    let sum = 0;
    for (let tap = 0; tap < low.length; tap += 1) {
      const weight = /** @type {number} */ (low[tap]) * (1 - blend) + /** @type {number} */ (high[tap]) * blend;
      sum += weight * /** @type {number} */ (samples[start + tap]);
    }
    return sum;
  }
}

/** @type {any} */ (globalThis).ComandaResampler = Resampler;

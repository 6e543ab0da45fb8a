// @ts-check
/** How large the pieces are in which sound goes out: small ones while the connection keeps up, larger and fewer as it doesn't. No timers. */

/** From good to poor. Each message costs some 80 bytes of headers, so that 50 a second alone are 32 kbit/s. */
export const STEPS = [
  { chunkMs: 20, bitrate: 32_000, delayMs: 0, backlogMs: 0 },
  { chunkMs: 40, bitrate: 24_000, delayMs: 150, backlogMs: 400 },
  { chunkMs: 60, bitrate: 16_000, delayMs: 400, backlogMs: 1_000 },
  { chunkMs: 100, bitrate: 16_000, delayMs: 1_000, backlogMs: 2_500 },
];
export const BETTER_AFTER_MS = 5_000;
/** Beyond these a live conversation is none: what is said arrives this late, or the connection broke so often in a minute. */
export const POOR_BACKLOG_MS = 4_000;
export const POOR_AFTER_MS = 6_000;
export const POOR_LOSSES = 4;
const LOSSES_MS = 60_000;
const UNSENT_BYTES_PER_MS = 2; // what waits in the browser, as sound of 16 kbit/s

const QUIET_LEVEL = 0.004 * 32_768; // -48 dBFS: below every voice
export const QUIET_AFTER_MS = 800; // longer than any silence that ends a turn waits for
export const QUIET_CHUNK_MS = 100;

export class Pace {
  #step = 0;
  #frameMs;
  /** @type {number | null} */
  #goodSince = null;
  /** @type {number | null} */
  #lateSince = null;
  /** @type {number[]} */
  #losses = [];
  #quietMs = 0;

  /** @param {{ frameMs: number }} settings the shortest piece */
  constructor({ frameMs }) {
    this.#frameMs = frameMs;
  }

  get step() {
    return this.#step;
  }

  get bitrate() {
    return this.#now.bitrate;
  }

  get chunkMs() {
    const ms = Math.max(this.#frameMs, this.#now.chunkMs);
    return this.#quietMs >= QUIET_AFTER_MS ? Math.max(ms, QUIET_CHUNK_MS) : ms;
  }

  get #now() {
    return /** @type {typeof STEPS[0]} */ (STEPS[this.#step]);
  }

  /** A piece of sound, so many milliseconds of it. @param {Int16Array} pcm @param {number} ms */
  heard(pcm, ms) {
    const isQuiet = pcm.every((sample) => Math.abs(sample) < QUIET_LEVEL);
    this.#quietMs = isQuiet ? this.#quietMs + ms : 0;
  }

  /**
   * @param {{ delayMs: number, backlogMs: number, unsentBytes: number, now: number }} seen how long the last piece took to be
   *   acknowledged, how much sound has not arrived, what waits in the browser
   */
  observe({ delayMs, backlogMs, unsentBytes, now }) {
    const waiting = Math.max(backlogMs, unsentBytes / UNSENT_BYTES_PER_MS);
    const fit = STEPS.findLastIndex((step) => delayMs >= step.delayMs && step.delayMs > 0);
    const full = STEPS.findLastIndex((step) => waiting >= step.backlogMs && step.backlogMs > 0);
    const wanted = Math.max(0, fit, full);
    if (wanted >= this.#step) {
      this.#step = wanted;
      this.#goodSince = null;
    } else {
      this.#goodSince ??= now;
      if (now - this.#goodSince >= BETTER_AFTER_MS) {
        this.#step -= 1;
        this.#goodSince = now;
      }
    }
    this.#lateSince = waiting >= POOR_BACKLOG_MS ? (this.#lateSince ?? now) : null;
  }

  /** The connection broke. @param {number} now */
  lost(now) {
    this.#losses = [...this.#losses.filter((at) => now - at < LOSSES_MS), now];
    this.#lateSince = null;
    this.#goodSince = null;
  }

  /** Whether the call had better go on in recordings. @param {number} now */
  isPoor(now) {
    const isLate = this.#lateSince !== null && now - this.#lateSince >= POOR_AFTER_MS;
    return isLate || this.#losses.filter((at) => now - at < LOSSES_MS).length >= POOR_LOSSES;
  }
}

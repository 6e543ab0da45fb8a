// @ts-check
/** Waits between attempts to reconnect: doubling from 1 s to 30 s, each between half and the whole, so that pages spread out. */

export const BASE_MS = 1_000;
export const CAP_MS = 30_000;

export class Backoff {
  #attempt = 0;
  #random;

  /** @param {() => number} [random] in [0, 1) */
  constructor(random = Math.random) {
    this.#random = random;
  }

  get attempt() {
    return this.#attempt;
  }

  /** The wait before the next attempt, in milliseconds. */
  next() {
    const whole = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(this.#attempt, 16));
    this.#attempt += 1;
    return Math.round(whole / 2 + (whole / 2) * this.#random());
  }

  /** After a connection that held. */
  reset() {
    this.#attempt = 0;
  }
}

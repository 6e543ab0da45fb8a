// @ts-check
/** Audio frames the server has not acknowledged yet, by sequence number: the newest ones, so many milliseconds of them; the oldest give way. */

/** @typedef {import("../audio/uplink.js").Piece} Piece */
/** @typedef {Piece & { seq: number }} Frame */

export class FrameRing {
  /** @type {Frame[]} */
  #frames = [];
  #nextSeq = 0;
  #limitMs;
  #ms = 0;
  #lost = 0;

  /** @param {number} limitMs sound kept at most */
  constructor(limitMs) {
    this.#limitMs = limitMs;
  }

  /** The number the next frame will get. */
  get nextSeq() {
    return this.#nextSeq;
  }

  /** The number of the first frame that can still be sent: what a resumed session announces. */
  get firstSeq() {
    return this.#frames[0]?.seq ?? this.#nextSeq;
  }

  get size() {
    return this.#frames.length;
  }

  /** Frames that gave way before they were acknowledged. */
  get lost() {
    return this.#lost;
  }

  /** @param {Piece} piece @returns {Frame} */
  push(piece) {
    const frame = { ...piece, seq: this.#nextSeq };
    this.#nextSeq += 1;
    this.#frames.push(frame);
    this.#ms += frame.ms;
    while (this.#ms > this.#limitMs && this.#frames.length > 1) {
      this.#forget(1);
      this.#lost += 1;
      /** @type {Frame} */ (this.#frames[0]).isFirstAfterGap = true;
    }
    return frame;
  }

  /** Every frame below `nextSeq` has arrived. @param {number} nextSeq */
  acknowledge(nextSeq) {
    let count = 0;
    while (count < this.#frames.length && /** @type {Frame} */ (this.#frames[count]).seq < nextSeq) count += 1;
    if (count) this.#forget(count);
  }

  /** @param {number} count */
  #forget(count) {
    for (const { ms } of this.#frames.splice(0, count)) this.#ms -= ms;
  }

  /** Sound from `seq` on. @param {number} seq */
  msFrom(seq) {
    return this.#frames.reduce((sum, frame) => (frame.seq >= seq ? sum + frame.ms : sum), 0);
  }

  /** What is still to be sent, from `seq` on. @param {number} seq @returns {Frame[]} */
  from(seq) {
    return this.#frames.filter((frame) => frame.seq >= seq);
  }

  /** A new session counts from 0 again: what is kept is renumbered, so that no word is lost. */
  restart() {
    this.#nextSeq = 0;
    for (const frame of this.#frames) {
      frame.seq = this.#nextSeq;
      this.#nextSeq += 1;
    }
  }

  clear() {
    this.#frames = [];
    this.#ms = 0;
  }
}

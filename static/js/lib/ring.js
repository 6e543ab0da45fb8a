// @ts-check
/** Audio frames the server has not acknowledged yet, by sequence number: the newest ones, up to a limit; the oldest give way. */

/** @typedef {{ seq: number, pcm: Int16Array, isFirstAfterGap: boolean }} Frame */

export class FrameRing {
  /** @type {Frame[]} */
  #frames = [];
  #nextSeq = 0;
  #limit;
  #lost = 0;

  /** @param {number} limit frames kept at most */
  constructor(limit) {
    this.#limit = limit;
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

  /**
   * @param {Int16Array} pcm
   * @param {boolean} isFirstAfterGap
   * @returns {Frame}
   */
  push(pcm, isFirstAfterGap) {
    const frame = { seq: this.#nextSeq, pcm, isFirstAfterGap };
    this.#nextSeq += 1;
    this.#frames.push(frame);
    if (this.#frames.length > this.#limit) {
      this.#frames.shift();
      this.#lost += 1;
      const oldest = this.#frames[0];
      if (oldest) oldest.isFirstAfterGap = true;
    }
    return frame;
  }

  /** Every frame below `nextSeq` has arrived. @param {number} nextSeq */
  acknowledge(nextSeq) {
    let count = 0;
    while (count < this.#frames.length && /** @type {Frame} */ (this.#frames[count]).seq < nextSeq) count += 1;
    if (count) this.#frames.splice(0, count);
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
  }
}

// @ts-check
/** Says, from the level of each frame, when somebody speaks and when they have finished. No timers, no DOM.
 *
 * The floor is the quietest frame of the last two seconds: voices have gaps in that time, fans and fridges have none. Only for the
 * page's own decisions (when a recording ends by itself); what was said is found out by the server.
 */

export const SILENCE_MS = 1_200;
const ONSET_MS = 80; // in all; shorter is a click
const ONSET_WITHIN_MS = 400;
const RUN_MS = 40; // at least two frames on end
const ABOVE_FLOOR_DB = 10;
const QUIETEST_SPEECH_DB = -46;
const BUCKET_MS = 200;
const BUCKETS = 10;
const FULL_SCALE = 4; // the worklet's level is four times the root mean square, at most 1

/** quiet: nobody has spoken yet · speaking: also in the pauses of a sentence · ended
 * @typedef {"quiet" | "speaking" | "ended"} Speech */

export class EndOfSpeech {
  /** The quietest level of each fifth of a second, newest last. @type {number[]} */
  #quietest = [];
  #bucketMs = BUCKET_MS;
  #runMs = 0;
  #loudMs = 0;
  #sinceLoudMs = 0;
  #silenceMs;
  /** @type {Speech} */
  state = "quiet";

  /** @param {number} [silenceMs] after speech, until it has ended */
  constructor(silenceMs = SILENCE_MS) {
    this.#silenceMs = silenceMs;
  }

  /** @param {number} level 0 to 1, as the capture worklet gives it @param {number} ms the frame's length @returns {Speech} */
  take(level, ms) {
    if (this.state === "ended") return "ended";
    if (this.#isLoud(level, ms)) {
      this.#loudMs += ms;
      this.#sinceLoudMs = 0;
    } else {
      this.#sinceLoudMs += ms;
      if (this.#sinceLoudMs > ONSET_WITHIN_MS) this.#loudMs = 0;
    }
    if (this.state === "quiet" && this.#loudMs >= ONSET_MS) this.state = "speaking";
    else if (this.state === "speaking" && this.#sinceLoudMs >= this.#silenceMs) this.state = "ended";
    return this.state;
  }

  /** Ready for the next utterance in the same room. */
  again() {
    this.state = "quiet";
    this.#loudMs = 0;
    this.#sinceLoudMs = 0;
  }

  /** @param {number} level @param {number} ms */
  #isLoud(level, ms) {
    const db = 20 * Math.log10(Math.max(level / FULL_SCALE, 1e-5));
    this.#remember(db, ms);
    const isAbove = db > Math.max(Math.min(...this.#quietest) + ABOVE_FLOOR_DB, QUIETEST_SPEECH_DB);
    this.#runMs = isAbove ? this.#runMs + ms : 0;
    return this.#runMs >= RUN_MS;
  }

  /** @param {number} db @param {number} ms */
  #remember(db, ms) {
    if (this.#bucketMs >= BUCKET_MS) {
      this.#quietest = [...this.#quietest, db].slice(-BUCKETS);
      this.#bucketMs = 0;
    }
    const newest = this.#quietest.length - 1;
    this.#quietest[newest] = Math.min(/** @type {number} */ (this.#quietest[newest]), db);
    this.#bucketMs += ms;
  }
}

/** @param {Int16Array[]} frames of any length @param {number} rateHz @returns {boolean} whether somebody speaks in them */
export function hasSpeech(frames, rateHz) {
  const hearing = new EndOfSpeech(Infinity);
  return frames.some((pcm) => {
    const power = pcm.reduce((sum, sample) => sum + (sample / 32768) ** 2, 0) / Math.max(1, pcm.length);
    return hearing.take(Math.min(1, Math.sqrt(power) * FULL_SCALE), (pcm.length / rateHz) * 1_000) === "speaking";
  });
}

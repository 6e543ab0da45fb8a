// @ts-check
/** Says, from the level of each frame, when somebody speaks and when they have finished. No timers, no DOM.
 *
 * The floor follows the room: down at once, up slowly, and not while somebody speaks. Only for the page's own decisions (when a
 * recording ends by itself); what was said is found out by the server.
 */

export const SILENCE_MS = 1_200;
const ONSET_MS = 80; // shorter is a click
const ONSET_WITHIN_MS = 400;
const ABOVE_FLOOR_DB = 9;
const QUIETEST_SPEECH_DB = -46;
const START_FLOOR_DB = -60;
const LOWEST_FLOOR_DB = -75;
const RISE_DB_PER_S = 3;
const FULL_SCALE = 4; // the worklet's level is four times the root mean square, at most 1

/** quiet: nobody has spoken yet · speaking: also in the pauses of a sentence · ended
 * @typedef {"quiet" | "speaking" | "ended"} Speech */

export class EndOfSpeech {
  #floorDb = START_FLOOR_DB;
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
    const db = 20 * Math.log10(Math.max(level / FULL_SCALE, 1e-6));
    const isLoud = db > Math.max(this.#floorDb + ABOVE_FLOOR_DB, QUIETEST_SPEECH_DB);
    this.#follow(db, ms, isLoud);
    this.#sinceLoudMs = isLoud ? 0 : this.#sinceLoudMs + ms;
    if (isLoud) this.#loudMs += ms;
    else if (this.#sinceLoudMs > ONSET_WITHIN_MS) this.#loudMs = 0;
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

  /** @param {number} db @param {number} ms @param {boolean} isLoud */
  #follow(db, ms, isLoud) {
    if (db < this.#floorDb) this.#floorDb = Math.max(db, LOWEST_FLOOR_DB);
    else if (!isLoud || this.state === "quiet") this.#floorDb = Math.min(db, this.#floorDb + (RISE_DB_PER_S * ms) / 1000);
  }
}

// @ts-check
/** What was said, in order: a later message with the same speaker and turn replaces the words. No DOM. */

/** @typedef {{ key: string, speaker: string, text: string, isFinal: boolean }} Utterance */

export const KEPT_UTTERANCES = 200;

export class Captions {
  /** @type {Utterance[]} */
  #all = [];

  /** @param {{ speaker: string, turn: number, text: string, final: boolean }} caption */
  take({ speaker, turn, text, final }) {
    const key = `${speaker} ${turn}`;
    const known = this.#all.findIndex((one) => one.key === key);
    const utterance = { key, speaker, text, isFinal: final };
    if (known >= 0 && !text.trim() && final) this.#all.splice(known, 1); // it was only a cough
    else if (known >= 0) this.#all[known] = utterance;
    else if (text.trim()) this.#all.push(utterance);
    this.#all = this.#all.slice(-KEPT_UTTERANCES);
  }

  /** The newest utterances, oldest first, interims too. @param {number} count @returns {Utterance[]} */
  latest(count) {
    return this.#all.slice(-count);
  }

  /** Only what was said to the end: what the log reads out. @returns {Utterance[]} */
  finals() {
    return this.#all.filter((one) => one.isFinal);
  }

  /** Words of this speaker are still coming. @param {string} speaker */
  isOpen(speaker) {
    return this.#all.findLast((one) => one.speaker === speaker)?.isFinal === false;
  }

  clear() {
    this.#all = [];
  }
}

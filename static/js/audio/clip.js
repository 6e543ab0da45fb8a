// @ts-check
/** Plays one sound file at a time: replies of a call that has no socket to stream them. */

import { Owner } from "../lib/owner.js";

const ANSWER_MS = 15_000;

export class Clip {
  #owner;
  #audio;
  /** @type {Owner | null} */
  #playing = null;

  /** @param {Owner} owner @param {import("./context.js").Audio} audio */
  constructor(owner, audio) {
    this.#owner = owner;
    this.#audio = audio;
  }

  /**
   * Resolves when it has been heard, was stopped, or could not be had: the words stand on the page anyway.
   * @param {string} url @param {string} token of the call @param {() => void} onBegun
   */
  async play(url, token, onBegun) {
    this.stop();
    const run = new Owner();
    const release = this.#owner.hold("clip", () => run.close());
    run.hold("slot", release);
    this.#playing = run;
    try {
      const context = await this.#audio.open();
      const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` }, credentials: "omit", signal: AbortSignal.timeout(ANSWER_MS) });
      if (!response.ok) throw new Error(`reply: ${response.status}`);
      const buffer = await context.decodeAudioData(await response.arrayBuffer());
      if (!run.isClosed) await heard(run, context, buffer, onBegun);
    } catch {
      // Without sound, then.
    } finally {
      run.close();
    }
  }

  stop() {
    this.#playing?.close();
    this.#playing = null;
  }
}

/** @param {Owner} run @param {AudioContext} context @param {AudioBuffer} buffer @param {() => void} onBegun @returns {Promise<void>} */
function heard(run, context, buffer, onBegun) {
  return new Promise((resolve) => {
    const node = context.createBufferSource();
    node.buffer = buffer;
    node.connect(context.destination);
    run.listen(node, "ended", () => resolve());
    run.hold("node", () => {
      node.stop();
      node.disconnect();
      resolve();
    });
    onBegun();
    node.start();
  });
}

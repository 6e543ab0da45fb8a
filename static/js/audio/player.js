// @ts-check
/** Plays replies and reports what was really heard. Without sound (captions only, or sound not allowed yet) nothing is played or reported. */

/** @typedef {{ response: number, playedMs: number, isFinished: boolean, level: number }} Played */

const REMEMBERED_CLEARED = 16;

export class Player {
  #owner;
  #audio;
  #rateHz;
  /** @type {AudioWorkletNode | null} */
  #node = null;
  /** Newest last; frames of these that are still on their way are dropped. @type {number[]} */
  #cleared = [];
  /** @type {(played: Played) => void} */
  onPlayed = () => {};

  /**
   * @param {import("../lib/owner.js").Owner} owner @param {import("./context.js").Audio} audio
   * @param {{ rateHz: number }} settings
   */
  constructor(owner, audio, { rateHz }) {
    this.#owner = owner;
    this.#audio = audio;
    this.#rateHz = rateHz;
  }

  get isOpen() {
    return this.#node !== null;
  }

  /** In a tap. */
  async open() {
    const context = await this.#audio.open();
    if (this.#node || this.#owner.isClosed) return;
    const node = new AudioWorkletNode(context, "comanda-playback", {
      numberOfInputs: 0,
      outputChannelCount: [1],
      processorOptions: { rateHz: this.#rateHz },
    });
    node.port.onmessage = ({ data }) => this.onPlayed(this.#heard(data));
    node.connect(context.destination);
    this.#node = node;
    this.#owner.hold("worklet", () => {
      node.port.postMessage("close");
      node.port.onmessage = null;
      node.disconnect();
      this.#node = null;
    });
  }

  /** Under-credits by the time sound takes to reach the ear. @param {Played} played @returns {Played} */
  #heard(played) {
    return played.isFinished ? played : { ...played, playedMs: Math.max(0, played.playedMs - this.#audio.latencyMs) };
  }

  /** @param {{ response: number, pcm: Int16Array, isLast: boolean }} frame */
  push({ response, pcm, isLast }) {
    if (!this.#node || this.#cleared.includes(response)) return;
    if (pcm.length) this.#post({ type: "push", response, pcm });
    if (isLast) this.end(response);
  }

  /** No more will come. @param {number} response */
  end(response) {
    this.#post({ type: "end", response });
  }

  /** @param {number} response */
  pause(response) {
    this.#post({ type: "pause", response });
  }

  /** @param {number} response */
  resume(response) {
    this.#post({ type: "resume", response });
  }

  /** @param {number} response */
  clear(response) {
    this.#cleared = [...this.#cleared, response].slice(-REMEMBERED_CLEARED);
    this.#post({ type: "clear", response });
  }

  /** The connection is gone: nothing of this comes back, and a new session counts its responses from the beginning. */
  forget() {
    this.#cleared = [];
    this.#node?.port.postMessage("forget");
  }

  /** @param {{ type: string, response: number, pcm?: Int16Array }} order */
  #post(order) {
    this.#node?.port.postMessage(order);
  }
}

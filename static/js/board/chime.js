// @ts-check
/** The sound of a new order. Browsers allow it only after a tap, so its state is always shown: on, off or blocked. */

const NOTES_HZ = [659.25, 880];

export class Chime {
  #owner;
  /** @type {AudioContext | null} */
  #context = null;
  isWanted;
  onChange = () => {};

  /** @param {import("../lib/owner.js").Owner} owner @param {{ isWanted: boolean }} settings */
  constructor(owner, { isWanted }) {
    this.#owner = owner;
    this.isWanted = isWanted;
    if (isWanted) owner.listen(document, "pointerdown", () => this.#wake(), { once: true });
  }

  /** @returns {"on" | "off" | "blocked"} */
  get state() {
    if (!this.isWanted) return "off";
    return this.#context?.state === "running" ? "on" : "blocked";
  }

  /** In a tap: blocked → on, on → off, off → on (and heard once). */
  toggle() {
    this.isWanted = this.state !== "on";
    if (this.isWanted) void this.#wake().then(() => this.ring());
    this.onChange();
  }

  async #wake() {
    if (!this.#context) {
      const context = new AudioContext();
      this.#context = context;
      this.#owner.hold("context", () => void context.close());
      this.#owner.listen(context, "statechange", () => this.onChange());
    }
    await this.#context.resume();
    this.onChange();
  }

  ring() {
    const context = this.#context;
    if (!context || this.state !== "on") return;
    NOTES_HZ.forEach((hz, index) => {
      const at = context.currentTime + index * 0.18;
      const tone = new OscillatorNode(context, { frequency: hz });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.35, at + 0.01);
      gain.gain.exponentialRampToValueAtTime(0.001, at + 0.7);
      tone.connect(gain).connect(context.destination);
      tone.onended = () => gain.disconnect();
      tone.start(at);
      tone.stop(at + 0.75);
    });
  }
}

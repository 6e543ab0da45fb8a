// @ts-check
/** The page's one AudioContext, made and resumed inside a tap, with both worklets loaded once. */

/** @typedef {{ Context: typeof AudioContext | undefined, moduleUrls: string[] }} Surroundings */

export class Audio {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {Promise<AudioContext> | null} */
  #ready = null;
  #owner;
  #surroundings;
  /** Called when the system takes the sound away or gives it back (iOS: a phone call). @type {(isRunning: boolean) => void} */
  onRunning = () => {};

  /**
   * @param {import("../lib/owner.js").Owner} owner
   * @param {Surroundings} [surroundings]
   */
  constructor(owner, surroundings = browserSurroundings()) {
    this.#owner = owner;
    this.#surroundings = surroundings;
  }

  get isSupported() {
    return this.#surroundings.Context !== undefined && "audioWorklet" in this.#surroundings.Context.prototype;
  }

  get isRunning() {
    return this.#context?.state === "running";
  }

  /** How long a played sample takes to reach the ear, in milliseconds. */
  get latencyMs() {
    const context = this.#context;
    return context ? Math.round(((context.outputLatency || 0) + (context.baseLatency || 0)) * 1000) : 0;
  }

  /**
   * To be called in a tap, before anything is awaited: browsers let sound start only there.
   * @returns {Promise<AudioContext>}
   */
  open() {
    const { Context, moduleUrls } = this.#surroundings;
    if (!Context) return Promise.reject(new Error("no AudioContext"));
    if (!this.#context) {
      const context = new Context({ latencyHint: "interactive" });
      this.#context = context;
      this.#owner.hold("context", () => void context.close());
      this.#owner.listen(context, "statechange", () => this.onRunning(context.state === "running"));
      this.#ready = loadModules(context, moduleUrls);
    }
    const context = this.#context;
    if (context.state !== "running") void context.resume();
    return /** @type {Promise<AudioContext>} */ (this.#ready);
  }
}

/** @param {AudioContext} context @param {string[]} urls */
async function loadModules(context, urls) {
  for (const url of urls) await context.audioWorklet.addModule(url); // the resampler first: the others use its global
  return context;
}

/** @returns {Surroundings} */
function browserSurroundings() {
  const names = ["resampler.js", "capture-worklet.js", "playback-worklet.js"];
  return {
    Context: globalThis.AudioContext,
    moduleUrls: names.map((name) => new URL(name, import.meta.url).href),
  };
}

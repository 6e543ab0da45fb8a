// @ts-check
/** Who closes what: every timer, listener, node and socket of a page part is taken through one Owner, and closing it frees all. */

/** @typedef {() => void} Release */

export class Owner {
  /** @type {Map<symbol, { kind: string, release: Release }>} */
  #held = new Map();
  #isClosed = false;

  /** How many things are still held, for the tests that count them. */
  get size() {
    return this.#held.size;
  }

  get isClosed() {
    return this.#isClosed;
  }

  /** Kinds still held, with counts. @returns {Record<string, number>} */
  held() {
    /** @type {Record<string, number>} */
    const counts = {};
    for (const { kind } of this.#held.values()) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }

  /**
   * Takes something over; the returned function frees it early. On a closed owner it is freed at once.
   * @param {string} kind
   * @param {Release} release
   * @returns {Release}
   */
  hold(kind, release) {
    if (this.#isClosed) {
      release();
      return () => {};
    }
    const key = Symbol(kind);
    this.#held.set(key, { kind, release });
    return () => {
      if (this.#held.delete(key)) release();
    };
  }

  /**
   * A timeout. @param {number} ms @param {() => void} run @returns {Release}
   */
  after(ms, run) {
    if (this.#isClosed) return () => {};
    const key = Symbol("timer");
    const timer = setTimeout(() => {
      this.#held.delete(key);
      run();
    }, ms);
    this.#held.set(key, { kind: "timer", release: () => clearTimeout(timer) });
    return () => {
      if (this.#held.delete(key)) clearTimeout(timer);
    };
  }

  /**
   * An interval. @param {number} ms @param {() => void} run @returns {Release}
   */
  every(ms, run) {
    if (this.#isClosed) return () => {};
    const timer = setInterval(run, ms);
    return this.hold("interval", () => clearInterval(timer));
  }

  /**
   * An event listener. @param {EventTarget} target @param {string} type @param {(event: any) => void} run
   * @param {AddEventListenerOptions} [options] @returns {Release}
   */
  listen(target, type, run, options) {
    if (this.#isClosed) return () => {};
    target.addEventListener(type, run, options);
    return this.hold("listener", () => target.removeEventListener(type, run, options));
  }

  /** Frees everything, newest first; a release that throws doesn't keep the others. Idempotent. */
  close() {
    this.#isClosed = true;
    const held = [...this.#held.values()].reverse();
    this.#held.clear();
    /** @type {unknown[]} */
    const errors = [];
    for (const { release } of held) {
      try {
        release();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length) throw new AggregateError(errors, "not everything could be freed");
  }
}

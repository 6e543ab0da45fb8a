// @ts-check
/** Keeps the screen on while someone talks; taken again when the page comes back to the front. A refusal changes nothing else. */

export class WakeLock {
  #owner;
  /** @type {WakeLockSentinel | null} */
  #lock = null;
  #isWanted = false;

  /** @param {import("../lib/owner.js").Owner} owner */
  constructor(owner) {
    this.#owner = owner;
    if (!("wakeLock" in navigator)) return;
    owner.listen(document, "visibilitychange", () => this.#take());
    owner.hold("wake lock", () => this.want(false));
  }

  /** @param {boolean} isWanted */
  want(isWanted) {
    this.#isWanted = isWanted;
    if (isWanted) void this.#take();
    else {
      void this.#lock?.release();
      this.#lock = null;
    }
  }

  async #take() {
    if (!this.#isWanted || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      if (this.#isWanted && !this.#owner.isClosed) this.#lock = lock;
      else void lock.release();
    } catch {
      this.#lock = null; // low battery, or not allowed here: the screen may dim, the call goes on
    }
  }
}

// @ts-check
/** The customer's sound from the microphone to its acknowledgement: pieces, the ring of what may be asked for again, and how the
 * connection does by what the server has taken. Knows no socket.
 */

import { Uplink } from "../audio/uplink.js";
import { FrameRing } from "../lib/ring.js";

export const KEPT_MS = 30_000;

/** @typedef {import("../audio/uplink.js").AudioFormat} AudioFormat */
/** @typedef {import("../lib/ring.js").Frame} Frame */

export class Outgoing {
  #ring = new FrameRing(KEPT_MS);
  #uplink;
  #now;
  /** When frames went out that nobody has acknowledged, oldest first. @type {{ seq: number, at: number }[]} */
  #sent = [];
  /** A new piece is ready, and kept. @type {(frame: Frame) => void} */
  onFrame = () => {};

  /** @param {() => number} now @param {Uplink} [uplink] */
  constructor(now, uplink = new Uplink()) {
    this.#now = now;
    this.#uplink = uplink;
    uplink.onPiece = (piece) => this.onFrame(this.#ring.push(piece));
  }

  /** The number of the first frame that can still be sent. */
  get firstSeq() {
    return this.#ring.firstSeq;
  }

  /** The connection carries no live conversation. */
  get isPoor() {
    return this.#uplink.pace.isPoor(this.#now());
  }

  /** @param {AudioFormat} wished @returns {AudioFormat} what to announce */
  announce(wished) {
    return this.#uplink.announce(wished);
  }

  giveUpOpus() {
    this.#uplink.giveUpOpus();
  }

  /** @param {Int16Array} pcm @param {boolean} isFirstAfterGap */
  take(pcm, isFirstAfterGap) {
    this.#uplink.take(pcm, isFirstAfterGap);
  }

  /** What was said so far goes out; null: it has. @returns {Promise<void> | null} */
  finish() {
    return this.#uplink.finish();
  }

  /** @param {Frame} frame */
  wasSent({ seq }) {
    this.#sent.push({ seq, at: this.#now() });
  }

  /** The connection is another one, or gone. @param {boolean} isLost it had been live */
  broke(isLost) {
    this.#sent = [];
    if (isLost) this.#uplink.pace.lost(this.#now());
  }

  /** Everything below is taken. @param {number} nextSeq */
  acknowledge(nextSeq) {
    this.#ring.acknowledge(nextSeq);
  }

  /** @param {{ next_seq: number, received_seq?: number }} ack @param {number} unsentBytes waiting in the browser */
  acknowledged({ next_seq: nextSeq, received_seq: receivedSeq = nextSeq }, unsentBytes) {
    const now = this.#now();
    const count = this.#sent.filter(({ seq }) => seq < receivedSeq).length;
    const newest = this.#sent.splice(0, count).at(-1);
    this.#ring.acknowledge(nextSeq);
    if (!newest) return;
    this.#uplink.pace.observe({ delayMs: now - newest.at, backlogMs: this.#ring.msFrom(receivedSeq), unsentBytes, now });
  }

  /** What is still to be sent. @param {number} seq */
  from(seq) {
    return this.#ring.from(seq);
  }

  /** Sound that no saved turn holds, and no one will be sent again: it is given away. @returns {Int16Array[]} */
  takeUnheard() {
    void this.#uplink.finish();
    const frames = this.#ring.from(0);
    this.#ring.clear();
    return frames.map(({ pcm }) => pcm);
  }

  /** A new session counts from 0. */
  restart() {
    this.#ring.restart();
  }

  /** The session is over; what is still on its way is dropped. */
  clear() {
    this.#sent = [];
    this.#uplink.close();
    this.#ring.clear();
  }
}

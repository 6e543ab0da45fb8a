// @ts-check
/** The customer's sound on its way to the socket: in pieces as large as the connection likes, as Opus where the browser can, else PCM. */

import { CALLER_AUDIO, CALLER_OPUS, bundlePackets } from "../lib/frames.js";
import { OpusEncoder, PACKET_MS, canEncodeOpus } from "./opus.js";
import { Pace } from "./pace.js";

/** `pcm` is the same sound as `body`, for who has to record it after all.
 * @typedef {{ kind: number, body: Uint8Array | Int16Array, pcm: Int16Array, ms: number, isFirstAfterGap: boolean }} Piece */
/** @typedef {{ canEncode(rateHz: number): Promise<boolean>, open(settings: ConstructorParameters<typeof OpusEncoder>[0]): Pick<OpusEncoder, "encode" | "flush" | "close"> }} OpusParts */
/** @typedef {{ sample_rate_hz: number, encoding: "pcm16" | "opus", frame_ms: number }} AudioFormat */

/** @type {OpusParts} */
export const BROWSER_OPUS = { canEncode: canEncodeOpus, open: (settings) => new OpusEncoder(settings) };

export class Uplink {
  #opus;
  #rateHz = 0;
  #canOpus = false;
  /** @type {ReturnType<OpusParts["open"]> | null} */
  #encoder = null;
  #isOpus = false;
  /** @type {Int16Array[]} */
  #blocks = [];
  /** @type {Uint8Array[]} */
  #packets = [];
  /** What the encoder was given and has not given back. @type {Int16Array[]} */
  #fed = [];
  /** The sound of `#packets`. @type {Int16Array[]} */
  #decoded = [];
  #isFirst = false;
  pace = new Pace({ frameMs: 20 });
  /** @type {(piece: Piece) => void} */
  onPiece = () => {};

  /** @param {OpusParts} opus */
  constructor(opus = BROWSER_OPUS) {
    this.#opus = opus;
    void this.#look();
  }

  async #look() {
    this.#canOpus = await this.#opus.canEncode(16_000);
  }

  /** What is announced: the format that was wished for, as Opus if it can be. @param {AudioFormat} wished @returns {AudioFormat} */
  announce(wished) {
    if (wished.sample_rate_hz !== this.#rateHz) this.#closeEncoder();
    if (this.#rateHz === 0) this.pace = new Pace({ frameMs: wished.frame_ms });
    this.#rateHz = wished.sample_rate_hz;
    this.#isOpus = this.#canOpus && this.#rateHz === 16_000;
    return { ...wished, encoding: this.#isOpus ? "opus" : "pcm16" };
  }

  /** Opus works here no more: the server or the encoder says so. */
  giveUpOpus() {
    this.#canOpus = false;
    this.#isOpus = false;
    this.#closeEncoder();
  }

  /** @param {Int16Array} pcm @param {boolean} isFirstAfterGap */
  take(pcm, isFirstAfterGap) {
    if (isFirstAfterGap) this.#isFirst = true;
    this.pace.heard(pcm, this.#msOf(pcm.length));
    if (this.#isOpus) this.#encode(pcm);
    else {
      this.#blocks.push(pcm);
      if (this.#heldMs >= this.pace.chunkMs) this.#sendBlocks();
    }
  }

  /** What is still here goes out, short as it is. @returns {Promise<void> | null} null: it has */
  finish() {
    this.#sendBlocks();
    if (!this.#encoder) return null;
    return this.#encoder.flush().then(() => this.#sendPackets());
  }

  close() {
    this.#closeEncoder();
    this.#blocks = [];
    this.#packets = [];
    this.#decoded = [];
  }

  #closeEncoder() {
    this.#encoder?.close();
    this.#encoder = null;
    this.#fed = [];
  }

  /** A block is as long as the shortest piece, or the end of one. */
  get #heldMs() {
    return this.#blocks.reduce((sum, { length }) => sum + Math.max(20, this.#msOf(length)), 0);
  }

  /** @param {number} samples */
  #msOf(samples) {
    return (samples / (this.#rateHz || 16_000)) * 1_000;
  }

  /** @param {Int16Array} pcm */
  #encode(pcm) {
    this.#encoder ??= this.#opus.open({
      rateHz: this.#rateHz,
      bitrate: this.pace.bitrate,
      onPacket: (packet) => this.#took(packet),
      onFailed: () => this.giveUpOpus(),
    });
    this.#fed.push(pcm);
    this.#encoder.encode(pcm, this.pace.bitrate);
  }

  /** @param {Uint8Array} packet */
  #took(packet) {
    this.#packets.push(packet);
    this.#decoded.push(this.#takeFed((this.#rateHz * PACKET_MS) / 1_000));
    if (this.#packets.length * PACKET_MS >= this.pace.chunkMs) this.#sendPackets();
  }

  /** @param {number} samples */
  #takeFed(samples) {
    const fed = joined(this.#fed.splice(0));
    if (fed.length > samples) this.#fed.push(fed.subarray(samples));
    return fed.subarray(0, samples);
  }

  #sendBlocks() {
    const blocks = this.#blocks.splice(0);
    if (!blocks.length) return;
    const pcm = joined(blocks);
    this.#send({ kind: CALLER_AUDIO, body: pcm, pcm, ms: this.#msOf(pcm.length) });
  }

  #sendPackets() {
    const packets = this.#packets.splice(0);
    const pcm = joined(this.#decoded.splice(0));
    if (packets.length) this.#send({ kind: CALLER_OPUS, body: bundlePackets(packets), pcm, ms: packets.length * PACKET_MS });
  }

  /** @param {Omit<Piece, "isFirstAfterGap">} piece */
  #send(piece) {
    const isFirstAfterGap = this.#isFirst;
    this.#isFirst = false;
    this.onPiece({ ...piece, isFirstAfterGap });
  }
}

/** @param {Int16Array[]} blocks @returns {Int16Array} */
function joined(blocks) {
  if (blocks.length === 1) return /** @type {Int16Array} */ (blocks[0]);
  const whole = new Int16Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}

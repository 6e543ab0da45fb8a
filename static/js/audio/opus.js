// @ts-check
/** Opus by WebCodecs, where the browser has it. Packets of 20 ms come out in order, a moment after the sound went in. */

const FRAME_US = 20_000;

/** @param {number} rateHz @param {number} bitrate @returns {any} the DOM library of TypeScript does not know `opus` yet */
function config(rateHz, bitrate) {
  return {
    codec: "opus",
    sampleRate: rateHz,
    numberOfChannels: 1,
    bitrate,
    opus: { frameDuration: FRAME_US, application: "voip", signal: "voice", complexity: 5 },
  };
}

/** @param {number} rateHz @returns {Promise<boolean>} */
export async function canEncodeOpus(rateHz) {
  if (typeof AudioEncoder === "undefined" || typeof AudioData === "undefined") return false;
  try {
    return Boolean((await AudioEncoder.isConfigSupported(config(rateHz, 24_000))).supported);
  } catch {
    return false;
  }
}

export const PACKET_MS = FRAME_US / 1_000;

export class OpusEncoder {
  #rateHz;
  #bitrate;
  #encoder;
  #timestampUs = 0;

  /**
   * @param {{ rateHz: number, bitrate: number, onPacket: (packet: Uint8Array) => void, onFailed: () => void }} settings
   */
  constructor({ rateHz, bitrate, onPacket, onFailed }) {
    this.#rateHz = rateHz;
    this.#bitrate = bitrate;
    this.#encoder = new AudioEncoder({
      output: (chunk) => {
        const packet = new Uint8Array(chunk.byteLength);
        chunk.copyTo(packet);
        onPacket(packet);
      },
      error: onFailed,
    });
    this.#encoder.configure(config(rateHz, bitrate));
  }

  /** @param {Int16Array} pcm @param {number} bitrate */
  encode(pcm, bitrate) {
    if (this.#encoder.state !== "configured") return;
    if (bitrate !== this.#bitrate) {
      this.#bitrate = bitrate;
      this.#encoder.configure(config(this.#rateHz, bitrate));
    }
    const sound = new AudioData({
      format: "s16",
      sampleRate: this.#rateHz,
      numberOfFrames: pcm.length,
      numberOfChannels: 1,
      timestamp: this.#timestampUs,
      data: /** @type {Int16Array<ArrayBuffer>} */ (pcm),
    });
    this.#timestampUs += (pcm.length / this.#rateHz) * 1_000_000;
    this.#encoder.encode(sound);
    sound.close();
  }

  /** Until everything that went in has come out. */
  async flush() {
    if (this.#encoder.state === "configured") await this.#encoder.flush().catch(() => {});
  }

  close() {
    if (this.#encoder.state !== "closed") this.#encoder.close();
  }
}

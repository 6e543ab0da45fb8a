// @ts-check
/** A recorded order played into the socket at the pace of a microphone, for people who have none. */

/**
 * @param {ArrayBuffer} file a RIFF WAVE file of mono PCM16
 * @returns {{ rateHz: number, pcm: Int16Array }}
 * @throws {Error} anything else
 */
export function readWav(file) {
  const view = new DataView(file);
  if (file.byteLength < 12 || tag(view, 0) !== "RIFF" || tag(view, 8) !== "WAVE") throw new Error("not a WAVE file");
  let rateHz = 0;
  for (let at = 12; at + 8 <= file.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    if (tag(view, at) === "fmt ") {
      const isMonoPcm16 =
        view.getUint16(at + 8, true) === 1 && view.getUint16(at + 10, true) === 1 && view.getUint16(at + 22, true) === 16;
      if (!isMonoPcm16) throw new Error("not mono PCM16");
      rateHz = view.getUint32(at + 12, true);
    } else if (tag(view, at) === "data" && rateHz) {
      const bytes = Math.min(size, file.byteLength - at - 8);
      return { rateHz, pcm: new Int16Array(file.slice(at + 8, at + 8 + bytes - (bytes % 2))) };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error("a WAVE file without sound");
}

/** @param {DataView} view @param {number} at */
function tag(view, at) {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
}

/** Cuts sound into frames and hands out, at any moment, those whose time has come. No timers, no DOM. */
export class PacedFrames {
  #pcm;
  #frameSamples;
  #frameMs;
  #sent = 0;

  /** @param {Int16Array} pcm @param {{ rateHz: number, frameMs: number }} settings */
  constructor(pcm, { rateHz, frameMs }) {
    this.#pcm = pcm;
    this.#frameMs = frameMs;
    this.#frameSamples = Math.round((rateHz * frameMs) / 1000);
  }

  get isDone() {
    return this.#sent * this.#frameSamples >= this.#pcm.length;
  }

  /** @param {number} elapsedMs since the start @returns {Int16Array[]} */
  due(elapsedMs) {
    const frames = [];
    while (!this.isDone && (this.#sent + 1) * this.#frameMs <= elapsedMs) {
      const from = this.#sent * this.#frameSamples;
      frames.push(this.#pcm.slice(from, from + this.#frameSamples));
      this.#sent += 1;
    }
    return frames;
  }
}

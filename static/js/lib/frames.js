// @ts-check
/** The binary frames of the voice socket (docs/protocol.md). PCM16 is little-endian on the wire, as on every browser's machine. */

export const CALLER_AUDIO = 1;
export const REPLY_AUDIO = 2;
export const CALLER_HEADER_BYTES = 8;
export const REPLY_HEADER_BYTES = 12;
const FLAG = 1;

/**
 * @param {{ seq: number, pcm: Int16Array, isFirstAfterGap: boolean }} frame
 * @returns {ArrayBuffer}
 */
export function encodeCallerFrame({ seq, pcm, isFirstAfterGap }) {
  const buffer = new ArrayBuffer(CALLER_HEADER_BYTES + pcm.byteLength);
  const view = new DataView(buffer);
  view.setUint8(0, CALLER_AUDIO);
  view.setUint8(1, isFirstAfterGap ? FLAG : 0);
  view.setUint32(4, seq, true);
  new Int16Array(buffer, CALLER_HEADER_BYTES).set(pcm);
  return buffer;
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {{ response: number, seq: number, isLast: boolean, pcm: Int16Array } | null} null: not a reply frame
 */
export function decodeReplyFrame(buffer) {
  if (buffer.byteLength < REPLY_HEADER_BYTES) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== REPLY_AUDIO) return null;
  const samples = Math.floor((buffer.byteLength - REPLY_HEADER_BYTES) / 2);
  return {
    response: view.getUint32(4, true),
    seq: view.getUint32(8, true),
    isLast: (view.getUint8(1) & FLAG) !== 0,
    pcm: new Int16Array(buffer, REPLY_HEADER_BYTES, samples),
  };
}

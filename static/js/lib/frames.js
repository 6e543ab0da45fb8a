// @ts-check
/** The binary frames of the voice socket (docs/protocol.md). PCM16 is little-endian on the wire, as on every browser's machine. */

export const CALLER_AUDIO = 1;
export const REPLY_AUDIO = 2;
export const CALLER_OPUS = 3;
export const CALLER_HEADER_BYTES = 8;
export const REPLY_HEADER_BYTES = 12;
const FLAG = 1;

/**
 * @param {{ seq: number, kind: number, body: Uint8Array | Int16Array, isFirstAfterGap: boolean }} frame
 * @returns {ArrayBuffer}
 */
export function encodeCallerFrame({ seq, kind, body, isFirstAfterGap }) {
  const buffer = new ArrayBuffer(CALLER_HEADER_BYTES + body.byteLength);
  const view = new DataView(buffer);
  view.setUint8(0, kind);
  view.setUint8(1, isFirstAfterGap ? FLAG : 0);
  view.setUint32(4, seq, true);
  new Uint8Array(buffer, CALLER_HEADER_BYTES).set(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  return buffer;
}

/** Opus packets as the body of one frame: each after its length. @param {Uint8Array[]} packets */
export function bundlePackets(packets) {
  const body = new Uint8Array(packets.reduce((sum, { length }) => sum + 2 + length, 0));
  const view = new DataView(body.buffer);
  let at = 0;
  for (const packet of packets) {
    view.setUint16(at, packet.length, true);
    body.set(packet, at + 2);
    at += 2 + packet.length;
  }
  return body;
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

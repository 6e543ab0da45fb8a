"""Opus packets of a live caller as PCM, one decoder per connection.

A payload holds one or more packets (RFC 6716), each preceded by its length as u16 little-endian. Decoding and
resampling 20 ms take about 40 µs: cheap enough for the event loop, and cheaper than handing them to a thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import av
import numpy as np
from av.error import FFmpegError

from voice.audio.formats import samples_to_pcm16
from voice.audio.resample import StreamResampler

DECODED_RATE_HZ: Final = 48_000  # whatever was encoded, Opus decodes to it
MAX_PACKET_BYTES: Final = 1_275 * 3  # 60 ms at the highest rate
MAX_PAYLOAD_MS: Final = 120
# RFC 6716, table 2: length of a packet's frames in units of 2.5 ms, by the configuration number of its first byte.
_SILK, _HYBRID, _CELT = (4, 8, 16, 24), (4, 8), (1, 2, 4, 8)
_UNITS: Final = (*_SILK * 3, *_HYBRID * 2, *_CELT * 4)


class OpusError(ValueError):
    """The payload cannot be decoded; the message says why, for the developer of the page."""


def packets_of(payload: bytes) -> Iterator[bytes]:
    """raises: OpusError where lengths do not fit, or together they are longer than MAX_PAYLOAD_MS"""
    at, length_ms = 0, 0.0
    while at < len(payload):
        size = int.from_bytes(payload[at : at + 2], "little")
        packet = payload[at + 2 : at + 2 + size]
        if not 0 < size <= MAX_PACKET_BYTES or len(packet) < size:
            raise OpusError("a packet's length is wrong")
        length_ms += packet_ms(packet)
        if length_ms > MAX_PAYLOAD_MS:
            raise OpusError(f"more than {MAX_PAYLOAD_MS} ms in one frame")
        yield packet
        at += 2 + size


def packet_ms(packet: bytes) -> float:
    """How long its sound is, by its first byte (and second, where it says that it has many frames)."""
    frames = (1, 2, 2)[packet[0] & 3] if packet[0] & 3 < 3 else (packet[1] & 63 if len(packet) > 1 else 0)
    return frames * _UNITS[packet[0] >> 3] * 2.5


class OpusDecoder:
    """Owned by one connection. A decoder that begins in mid-stream, or after a gap, is right again within 80 ms."""

    def __init__(self, *, sample_rate_hz: int) -> None:
        """sample_rate_hz: of the PCM that comes out"""
        self.sample_rate_hz = sample_rate_hz
        self._codec = _codec()
        self._resampler = StreamResampler(from_rate_hz=DECODED_RATE_HZ, to_rate_hz=sample_rate_hz)

    def reset(self) -> None:
        """Something is missing before the next payload: what the decoder remembers does not lead there."""
        self._codec = _codec()

    def decode(self, payload: bytes) -> bytes:
        """Mono PCM16 at `sample_rate_hz`, possibly empty: the resampler holds a few milliseconds back.

        raises: OpusError; what came before the broken packet is lost with it
        """
        packets = list(packets_of(payload))
        try:
            frames = [frame for packet in packets for frame in self._codec.decode(av.Packet(packet))]
        except FFmpegError as error:
            self.reset()
            raise OpusError(f"a packet is broken: {error.strerror}") from error
        samples = [np.frombuffer(bytes(frame.planes[0]), np.float32, frame.samples) for frame in frames]
        return b"".join(samples_to_pcm16(self._resampler.push(some)) for some in samples)


def _codec() -> av.AudioCodecContext:
    codec = av.AudioCodecContext.create("opus", "r")
    codec.sample_rate = DECODED_RATE_HZ
    codec.layout = "mono"
    return codec

"""Sample formats: PCM16 and µ-law bytes on the wire, float32 arrays in between.

µ-law is ITU-T G.711, by table: `audioop` left the standard library with Python 3.13.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

PCM16_BYTES: Final = 2
MULAW_SILENCE: Final = b"\xff"
_PCM16_SCALE: Final = np.float32(32768.0)
_MULAW_BIAS: Final = 0x84
_MULAW_CLIP: Final = 32635


class AudioFormatError(ValueError):
    """Bytes that cannot be what they are said to be (half a sample, an unknown encoding)."""


class Encoding(StrEnum):
    PCM16 = "pcm16"  # signed 16-bit little-endian
    MULAW = "mulaw"  # G.711 µ-law, one byte a sample


def _mulaw_decode_table() -> NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent = (code >> 4) & 0x07
    magnitude = ((((code & 0x0F) << 3) + _MULAW_BIAS) << exponent) - _MULAW_BIAS
    return np.asarray(np.where(code & 0x80, -magnitude, magnitude), dtype=np.int16)


def _mulaw_encode_table() -> NDArray[np.uint8]:
    """One code for each of the 65,536 PCM16 values, indexed by the value's unsigned bit pattern."""
    value = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(value), _MULAW_CLIP) + _MULAW_BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(value < 0, 0x80, 0)
    return np.asarray(~(sign | (exponent << 4) | mantissa) & 0xFF, dtype=np.uint8)


_MULAW_TO_PCM16: Final = _mulaw_decode_table()
_PCM16_TO_MULAW: Final = _mulaw_encode_table()


def pcm16_to_samples(data: bytes | bytearray | memoryview) -> Samples:
    """PCM16 little-endian bytes to float32.

    returns: float32, shape (len(data) // 2,), mono, range [-1, 1); a new array
    raises: AudioFormatError on an odd number of bytes
    """
    if len(data) % PCM16_BYTES:
        raise AudioFormatError(f"{len(data)} bytes is not a whole number of 16-bit samples")
    return np.frombuffer(data, dtype="<i2").astype(np.float32) / _PCM16_SCALE


def samples_to_pcm16(samples: Samples) -> bytes:
    """Float32 to PCM16 little-endian bytes, rounded to nearest and clipped (never wrapped).

    samples: float32, shape (n,), nominal range [-1, 1]; NaN becomes silence; read, never written
    """
    finite = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    clipped: NDArray[np.int16] = np.clip(np.rint(finite * _PCM16_SCALE), -32768, 32767).astype("<i2")
    return clipped.tobytes()


def mulaw_to_pcm16(data: bytes | bytearray | memoryview) -> bytes:
    """G.711 µ-law bytes to PCM16 little-endian bytes, twice as many; every byte value is valid."""
    return _MULAW_TO_PCM16[np.frombuffer(data, dtype=np.uint8)].astype("<i2", copy=False).tobytes()


def pcm16_to_mulaw(data: bytes | bytearray | memoryview) -> bytes:
    """PCM16 little-endian bytes to G.711 µ-law bytes, half as many.

    raises: AudioFormatError on an odd number of bytes
    """
    if len(data) % PCM16_BYTES:
        raise AudioFormatError(f"{len(data)} bytes is not a whole number of 16-bit samples")
    codes: NDArray[np.uint8] = _PCM16_TO_MULAW[np.frombuffer(data, dtype="<u2")]
    return codes.tobytes()


def mulaw_to_samples(data: bytes | bytearray | memoryview) -> Samples:
    """G.711 µ-law bytes to float32, shape (len(data),), range [-1, 1); a new array."""
    return _MULAW_TO_PCM16[np.frombuffer(data, dtype=np.uint8)].astype(np.float32) / _PCM16_SCALE


def samples_to_mulaw(samples: Samples) -> bytes:
    """Float32, shape (n,), nominal range [-1, 1], clipped, to n bytes of G.711 µ-law."""
    return pcm16_to_mulaw(samples_to_pcm16(samples))


def bytes_to_samples(data: bytes | bytearray | memoryview, encoding: Encoding) -> Samples:
    """Wire bytes in either encoding to float32, shape (n,), range [-1, 1); a new array.

    raises: AudioFormatError as `pcm16_to_samples`
    """
    return mulaw_to_samples(data) if encoding is Encoding.MULAW else pcm16_to_samples(data)


def samples_to_bytes(samples: Samples, encoding: Encoding) -> bytes:
    """Float32, shape (n,), to wire bytes in either encoding, clipped."""
    return samples_to_mulaw(samples) if encoding is Encoding.MULAW else samples_to_pcm16(samples)


def bytes_per_second(encoding: Encoding, *, sample_rate_hz: int) -> int:
    """Bytes of one second of mono audio."""
    return sample_rate_hz * (1 if encoding is Encoding.MULAW else PCM16_BYTES)


def duration_ms(byte_count: int, encoding: Encoding, *, sample_rate_hz: int) -> float:
    """How long `byte_count` bytes of mono audio sound, in milliseconds."""
    return byte_count * 1000 / bytes_per_second(encoding, sample_rate_hz=sample_rate_hz)


def silence(encoding: Encoding, *, sample_rate_hz: int, length_ms: int) -> bytes:
    """`length_ms` of digital silence (rounded down to whole samples)."""
    count = sample_rate_hz * length_ms // 1000
    return MULAW_SILENCE * count if encoding is Encoding.MULAW else bytes(count * PCM16_BYTES)

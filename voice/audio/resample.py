"""Streaming sample-rate conversion by libsoxr; one converter per direction, never reset in mid-stream."""

from __future__ import annotations

from typing import Final

import numpy as np
import soxr

from voice.audio.formats import Samples

# Quality is a latency knob: soxr holds back (8 → 24 kHz) 0.2 ms at QQ, ~12 ms at LQ, ~100 ms at VHQ.
LOW_LATENCY: Final = "QQ"
STREAMING: Final = "LQ"
OFFLINE: Final = "VHQ"


class StreamResampler:
    """Converts one mono stream from one rate to another, keeping filter state between chunks.

    Output comes in irregular portions and may be empty; nothing is lost, `finish` gives what is held back.
    Equal rates pass the samples through untouched.
    """

    def __init__(self, *, from_rate_hz: int, to_rate_hz: int, quality: str = STREAMING) -> None:
        """quality: a soxr name: QQ, LQ, MQ, HQ or VHQ. raises: ValueError on rates that are not positive."""
        if from_rate_hz <= 0 or to_rate_hz <= 0:
            raise ValueError(f"sample rates must be positive, not {from_rate_hz} and {to_rate_hz}")
        self.from_rate_hz = from_rate_hz
        self.to_rate_hz = to_rate_hz
        self._stream = (
            None
            if from_rate_hz == to_rate_hz
            else soxr.ResampleStream(from_rate_hz, to_rate_hz, 1, dtype="float32", quality=quality)
        )

    def push(self, samples: Samples) -> Samples:
        """Feeds a chunk and returns what is ready.

        samples: float32, shape (n,), n may be 0; read, never written
        returns: float32, shape (m,), m may be 0; the input itself when the rates are equal
        """
        if self._stream is None or samples.size == 0:
            return samples
        return np.asarray(self._stream.resample_chunk(samples), dtype=np.float32)

    def finish(self) -> Samples:
        """The held-back tail; the converter then starts a new stream at the next `push`."""
        empty = np.zeros(0, dtype=np.float32)
        if self._stream is None:
            return empty
        tail = np.asarray(self._stream.resample_chunk(empty, last=True), dtype=np.float32)
        self._stream.clear()
        return tail


def resample(samples: Samples, *, from_rate_hz: int, to_rate_hz: int) -> Samples:
    """Whole-signal conversion at the best quality, for files and tests; float32, shape (n,) → (m,)."""
    if from_rate_hz == to_rate_hz:
        return samples
    return np.asarray(soxr.resample(samples, from_rate_hz, to_rate_hz, quality=OFFLINE), dtype=np.float32)

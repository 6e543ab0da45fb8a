"""Loudness of frames, in decibels below full scale."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from voice.audio.formats import Samples

Levels = NDArray[np.float32]
FLOOR_DBFS: Final = -96.0
_FLOOR_POWER: Final = 10.0 ** (FLOOR_DBFS / 10.0)


def frame_levels(samples: Samples, *, sample_rate_hz: int, frame_ms: int = 20) -> Levels:
    """Loudness of each whole frame, for speech detection.

    samples: float32, shape (n,), mono, range [-1, 1]; read, never written
    returns: float32, shape (n // frame,), dBFS, floor -96; the incomplete tail is ignored
    raises: ValueError if sample_rate_hz * frame_ms is not a whole number of samples
    """
    if sample_rate_hz * frame_ms % 1000:
        raise ValueError(f"{frame_ms} ms at {sample_rate_hz} Hz is not a whole number of samples")
    frame = sample_rate_hz * frame_ms // 1000
    frames = samples[: samples.size // frame * frame].reshape(-1, frame)
    power = np.einsum("ij,ij->i", frames, frames) / np.float32(frame)
    return np.asarray(10.0 * np.log10(np.maximum(power, _FLOOR_POWER)), dtype=np.float32)


def level_dbfs(samples: Samples) -> float:
    """Root-mean-square level of the whole array in dBFS, floor -96; an empty array is at the floor."""
    if samples.size == 0:
        return FLOOR_DBFS
    power = float(np.dot(samples, samples)) / samples.size
    return float(10.0 * np.log10(max(power, _FLOOR_POWER)))

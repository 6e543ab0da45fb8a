"""A floor of faint noise under what the recogniser hears: digital silence is a sound no microphone ever made.

Muted gaps, noise suppression and synthetic speech give exact zeros, whose cepstra lie far from everything the acoustic
model was trained on and drag the measured mean along: where a frame falls on such an edge then decides what is heard.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from voice.audio.formats import Samples, samples_to_pcm16

FLOOR_DBFS: Final = -62.0
_NOISE_SAMPLES: Final = 16_001  # no multiple of a window, so that windows differ


class NoiseFloor:
    """One stream's floor: the same noise for the same audio, so that a recording is always heard the same way."""

    def __init__(self) -> None:
        self._noise = np.random.default_rng(20).normal(0.0, 10 ** (FLOOR_DBFS / 20), _NOISE_SAMPLES).astype(np.float32)
        self._position = 0

    def pcm16_over(self, samples: Samples) -> bytes:
        """samples: float32, shape (n,), -1 to 1; returns: PCM16 of the n samples with the floor mixed in."""
        places = np.arange(self._position, self._position + samples.size)
        self._position = (self._position + samples.size) % _NOISE_SAMPLES
        return samples_to_pcm16(samples + self._noise.take(places, mode="wrap"))

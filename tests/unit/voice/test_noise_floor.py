"""What the recogniser hears is never exact silence, and the same audio is always the same."""

from __future__ import annotations

import numpy as np

from voice.audio.formats import pcm16_to_samples
from voice.audio.levels import level_dbfs
from voice.audio.noise_floor import FLOOR_DBFS, NoiseFloor


def test_silence_gets_a_faint_floor() -> None:
    heard = pcm16_to_samples(NoiseFloor().pcm16_over(np.zeros(16_000, dtype=np.float32)))
    assert heard.size == 16_000
    assert abs(level_dbfs(heard) - FLOOR_DBFS) < 1.0
    assert np.count_nonzero(heard) > 15_000


def test_a_voice_is_left_as_it_is() -> None:
    voice = (0.3 * np.sin(np.arange(8_000) * 0.2)).astype(np.float32)
    heard = pcm16_to_samples(NoiseFloor().pcm16_over(voice))
    assert level_dbfs(heard - voice) < FLOOR_DBFS + 1.0


def test_the_same_audio_in_other_pieces_is_heard_the_same() -> None:
    voice = np.linspace(-0.5, 0.5, 40_000, dtype=np.float32)
    whole, pieces = NoiseFloor(), NoiseFloor()
    assert whole.pcm16_over(voice) == b"".join(pieces.pcm16_over(part) for part in np.array_split(voice, 79))

"""Loudness in dBFS."""

from __future__ import annotations

import numpy as np
import pytest

from voice.audio.levels import FLOOR_DBFS, frame_levels, level_dbfs


def test_a_full_scale_square_wave_is_at_zero() -> None:
    assert frame_levels(np.ones(320, dtype=np.float32), sample_rate_hz=16_000).tolist() == [0.0]


def test_halving_the_amplitude_takes_six_decibels() -> None:
    levels = frame_levels(np.repeat(np.float32([1.0, 0.5]), 320), sample_rate_hz=16_000)
    assert levels[0] - levels[1] == pytest.approx(6.02, abs=0.01)


def test_silence_is_at_the_floor_and_a_tail_is_ignored() -> None:
    levels = frame_levels(np.zeros(330, dtype=np.float32), sample_rate_hz=16_000)
    assert levels.tolist() == [FLOOR_DBFS]
    assert level_dbfs(np.zeros(0, dtype=np.float32)) == FLOOR_DBFS


def test_frames_must_be_whole_samples() -> None:
    with pytest.raises(ValueError, match="not a whole number of samples"):
        frame_levels(np.zeros(100, dtype=np.float32), sample_rate_hz=22_050, frame_ms=1)

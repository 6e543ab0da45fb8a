"""Resampling in chunks must sound like resampling in one go."""

from __future__ import annotations

import numpy as np
import pytest

from voice.audio.formats import Samples
from voice.audio.resample import LOW_LATENCY, STREAMING, StreamResampler, resample


def tone(rate_hz: int, seconds: float = 1.0, hz: float = 440.0) -> Samples:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(int(rate_hz * seconds)) / rate_hz)).astype(np.float32)


def pushed(resampler: StreamResampler, samples: Samples, chunk: int) -> Samples:
    parts = [resampler.push(samples[start : start + chunk]) for start in range(0, samples.size, chunk)]
    return np.concatenate([*parts, resampler.finish()])


@pytest.mark.parametrize(("from_hz", "to_hz"), [(48_000, 16_000), (8_000, 16_000), (22_050, 24_000), (16_000, 8_000)])
@pytest.mark.parametrize("quality", [LOW_LATENCY, STREAMING])
def test_chunks_make_the_same_sound_as_the_whole(from_hz: int, to_hz: int, quality: str) -> None:
    whole = pushed(StreamResampler(from_rate_hz=from_hz, to_rate_hz=to_hz, quality=quality), tone(from_hz), 1 << 20)
    pieces = pushed(StreamResampler(from_rate_hz=from_hz, to_rate_hz=to_hz, quality=quality), tone(from_hz), 333)
    assert abs(whole.size - to_hz) <= to_hz // 100
    assert pieces.size == whole.size
    assert np.abs(pieces - whole).max() < 1e-4


def test_the_tone_stays_where_it_was() -> None:
    heard = resample(tone(48_000), from_rate_hz=48_000, to_rate_hz=16_000)
    assert np.argmax(np.abs(np.fft.rfft(heard))) == 440


def test_equal_rates_hand_the_samples_through_untouched() -> None:
    samples = tone(16_000)
    resampler = StreamResampler(from_rate_hz=16_000, to_rate_hz=16_000)
    assert resampler.push(samples) is samples
    assert resampler.finish().size == 0


def test_nothing_in_nothing_out() -> None:
    resampler = StreamResampler(from_rate_hz=8_000, to_rate_hz=16_000)
    assert resampler.push(np.zeros(0, dtype=np.float32)).size == 0


def test_a_finished_resampler_starts_afresh() -> None:
    resampler = StreamResampler(from_rate_hz=8_000, to_rate_hz=16_000)
    first = pushed(resampler, tone(8_000), 160)
    second = pushed(resampler, tone(8_000), 160)
    assert np.array_equal(first, second)


@pytest.mark.parametrize(("from_hz", "to_hz"), [(0, 16_000), (16_000, -1)])
def test_impossible_rates_are_refused(from_hz: int, to_hz: int) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        StreamResampler(from_rate_hz=from_hz, to_rate_hz=to_hz)

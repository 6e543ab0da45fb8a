"""Wire bytes to samples and back: nothing clicks, nothing wraps, nothing is guessed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio.formats import (
    AudioFormatError,
    Encoding,
    bytes_per_second,
    bytes_to_samples,
    duration_ms,
    mulaw_to_pcm16,
    mulaw_to_samples,
    pcm16_to_mulaw,
    pcm16_to_samples,
    samples_to_bytes,
    samples_to_mulaw,
    samples_to_pcm16,
    silence,
)


@given(st.binary(max_size=400).filter(lambda data: len(data) % 2 == 0))
def test_pcm16_survives_the_way_to_floats_and_back(data: bytes) -> None:
    assert samples_to_pcm16(pcm16_to_samples(data)) == data


def test_samples_are_scaled_to_full_scale() -> None:
    samples = pcm16_to_samples(np.array([0, 16384, -32768], dtype="<i2").tobytes())
    assert samples.tolist() == [0.0, 0.5, -1.0]
    assert samples.dtype == np.float32


def test_half_a_sample_is_refused_with_its_length() -> None:
    with pytest.raises(AudioFormatError, match="3 bytes"):
        pcm16_to_samples(b"abc")
    with pytest.raises(AudioFormatError, match="5 bytes"):
        pcm16_to_mulaw(b"abcde")


def test_too_loud_is_clipped_never_wrapped() -> None:
    loud = np.array([1.5, -1.5, np.inf, -np.inf, np.nan], dtype=np.float32)
    assert np.frombuffer(samples_to_pcm16(loud), "<i2").tolist() == [32767, -32768, 32767, -32768, 0]


# ITU-T G.711, table 2b: decision values of positive input and the codes they get
@pytest.mark.parametrize(
    ("value", "code"), [(0, 0xFF), (4, 0xFE), (-4, 0x7E), (1000, 0xCE), (-1000, 0x4E), (32635, 0x80), (-32635, 0x00)]
)
def test_mulaw_codes_are_those_of_the_standard(value: int, code: int) -> None:
    assert pcm16_to_mulaw(np.array([value], dtype="<i2").tobytes()) == bytes([code])


def test_every_mulaw_code_comes_back_as_itself() -> None:
    codes = bytes(range(256))
    again = pcm16_to_mulaw(mulaw_to_pcm16(codes))
    assert again.replace(b"\xff", b"\x7f") == codes.replace(b"\xff", b"\x7f")  # the standard has two zeros


def test_mulaw_is_within_its_own_step_of_the_original() -> None:
    values = np.linspace(-0.99, 0.99, 997, dtype=np.float32)
    error = np.abs(mulaw_to_samples(samples_to_mulaw(values)) - values)
    assert np.all(error <= np.maximum(np.abs(values) / 16, 2e-4))


@pytest.mark.parametrize("encoding", list(Encoding))
def test_empty_audio_is_empty_in_every_encoding(encoding: Encoding) -> None:
    assert bytes_to_samples(b"", encoding).size == 0
    assert samples_to_bytes(np.zeros(0, dtype=np.float32), encoding) == b""


def test_durations_count_bytes_of_the_encoding() -> None:
    assert bytes_per_second(Encoding.PCM16, sample_rate_hz=24_000) == 48_000
    assert duration_ms(160, Encoding.MULAW, sample_rate_hz=8_000) == 20.0
    assert duration_ms(640, Encoding.PCM16, sample_rate_hz=16_000) == 20.0


@pytest.mark.parametrize("encoding", list(Encoding))
def test_silence_is_silent(encoding: Encoding) -> None:
    quiet = silence(encoding, sample_rate_hz=8_000, length_ms=20)
    assert duration_ms(len(quiet), encoding, sample_rate_hz=8_000) == 20.0
    assert not bytes_to_samples(quiet, encoding).any()

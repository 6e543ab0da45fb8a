"""Recordings of every browser are read, and whatever is none, or too much, is refused with its reason."""

from __future__ import annotations

import io
import struct
import tracemalloc

import numpy as np
import pytest

from tests.encoded_audio import FORMATS, encoded, header_only, hours_of_silence, tone, video_only
from voice.audio.formats import Samples, samples_to_pcm16
from voice.batch.decode import RATE_HZ, decode
from voice.batch.limits import MAX_SECONDS, RecordingError


def heard(data: bytes, content_type: str = "audio/webm", rate_hz: int | None = None) -> Samples:
    return np.concatenate(list(decode(io.BytesIO(data), content_type=content_type, sample_rate_hz=rate_hz)))


def refusal(data: bytes, content_type: str = "audio/webm", rate_hz: int | None = None) -> RecordingError:
    with pytest.raises(RecordingError) as refused:
        for _ in decode(io.BytesIO(data), content_type=content_type, sample_rate_hz=rate_hz):
            pass
    return refused.value


def is_tone(samples: Samples) -> bool:
    """220 Hz, by its strongest frequency in the middle second."""
    middle = samples[samples.size // 2 - RATE_HZ // 2 : samples.size // 2 + RATE_HZ // 2]
    return abs(int(np.argmax(np.abs(np.fft.rfft(middle)))) - 220) <= 2


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("rate_hz", [48_000, 44_100, 16_000])
def test_what_browsers_record_is_heard(name: str, rate_hz: int) -> None:
    if name in {"webm", "ogg"} and rate_hz == 44_100:
        rate_hz = 24_000  # Opus has no 44.1 kHz
    samples = heard(encoded(tone(2, sample_rate_hz=rate_hz), name, sample_rate_hz=rate_hz), FORMATS[name][0])
    assert samples.dtype == np.float32
    assert samples.size == pytest.approx(2 * RATE_HZ, abs=RATE_HZ // 5)
    assert is_tone(samples)
    assert 0.2 < float(np.abs(samples).max()) <= 1.0


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100, 48_000])
def test_raw_pcm_is_heard_at_the_rate_it_was_announced_with(rate_hz: int) -> None:
    samples = heard(samples_to_pcm16(tone(2, sample_rate_hz=rate_hz)) + b"\0", "audio/pcm", rate_hz)
    assert samples.size == pytest.approx(2 * RATE_HZ, abs=100)
    assert is_tone(samples)


@pytest.mark.parametrize("claimed", ["audio/mp4", "audio/pcm", "text/html", ""])
def test_the_bytes_and_not_the_sender_say_what_it_is(claimed: str) -> None:
    assert is_tone(heard(encoded(tone(2), "webm"), claimed, 16_000))


def test_nothing_is_empty() -> None:
    assert refusal(b"").code == "recording_empty"
    assert refusal(b"\0", "audio/pcm", 16_000).code == "recording_empty"
    assert refusal(header_only(), "audio/wav").code == "recording_empty"


@pytest.mark.parametrize(
    "data",
    [
        b"<html>not a recording</html>",
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        b"\x1aE\xdf\xa3" + b"\xff" * 5_000,
        b"OggS" + bytes(5_000),
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
        b"\0\0\0\x18ftypisom" + bytes(3_000),
        np.random.default_rng(7).bytes(20_000),
    ],
    ids=["html", "playlist", "concat", "matroska", "ogg", "wav", "mp4", "noise"],
)
def test_garbage_is_refused(data: bytes) -> None:
    assert refusal(data).code in {"recording_undecodable", "recording_without_audio"}


def test_a_container_that_lies_about_its_codec_is_refused() -> None:
    lying = encoded(tone(1), "webm").replace(b"A_OPUS", b"A_AAC\0")
    assert refusal(lying).code == "recording_undecodable"


def test_a_film_without_sound_is_refused() -> None:
    assert refusal(video_only()).code == "recording_without_audio"


@pytest.mark.parametrize("name", ["webm", "ogg", "wav"])
def test_a_recording_that_breaks_off_is_heard_as_far_as_it_goes(name: str) -> None:
    whole = encoded(tone(4), name)
    half = heard(whole[: len(whole) // 2], FORMATS[name][0])
    assert RATE_HZ < half.size < 3 * RATE_HZ
    assert is_tone(half)


@pytest.mark.parametrize("name", FORMATS)
def test_damage_ends_in_sound_or_in_a_refusal(name: str) -> None:
    chance = np.random.default_rng(11)
    whole = bytearray(encoded(tone(1), name))
    for _ in range(12):
        damaged = bytearray(whole)
        for place in chance.integers(0, len(damaged), 40):
            damaged[place] = chance.integers(0, 256)
        try:
            samples = heard(bytes(damaged), FORMATS[name][0])
        except RecordingError:
            continue
        assert np.isfinite(samples).all()
        assert samples.size <= MAX_SECONDS * RATE_HZ


def test_three_hours_are_refused_in_little_memory() -> None:
    data = hours_of_silence(3)
    assert len(data) < 3_000_000
    tracemalloc.start()
    try:
        refused = refusal(data, "audio/ogg")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert (refused.code, refused.limit) == ("recording_too_long", "600 s")


def test_a_header_that_claims_hours_counts_for_nothing() -> None:
    wav = bytearray(encoded(tone(1, sample_rate_hz=16_000), "wav", sample_rate_hz=16_000))
    data_at = wav.index(b"data")
    wav[data_at + 4 : data_at + 8] = struct.pack("<I", 3 * 3600 * 32_000)
    wav[4:8] = struct.pack("<I", 3 * 3600 * 32_000 + 36)
    assert heard(bytes(wav), "audio/wav").size == pytest.approx(RATE_HZ, abs=100)


def test_impossible_rates_are_refused() -> None:
    wav = bytearray(encoded(tone(1, sample_rate_hz=8_000), "wav", sample_rate_hz=8_000))
    rate_at = wav.index(b"fmt ") + 12
    wav[rate_at : rate_at + 4] = struct.pack("<I", 1)
    assert refusal(bytes(wav), "audio/wav").code == "recording_undecodable"

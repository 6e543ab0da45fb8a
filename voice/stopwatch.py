"""Where the time of a turn goes, by the runner's own clock: parts that add up, into the call's histograms."""

from __future__ import annotations

import time

from voice.call_metrics import CallMetrics
from voice.dialog.events import (
    Event,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    TranscriptFinal,
    TranscriptInterim,
    UtteranceTyped,
)
from voice.ears import Ears
from voice.outbox import Outgoing, ReplyChunk
from voice.protocol import SpeechClear, SpeechPause


class Stopwatch:
    def __init__(self, metrics: CallMetrics) -> None:
        self._metrics = metrics
        self._started_s: float | None = None  # speech detected, no words yet
        self._ended_s: float | None = None  # the voice stopped
        self._closed_s: float | None = None  # the turn was closed
        self._barged_in_s: float | None = None
        self._reply: int | None = None

    def happened(self, event: Event, *, is_speaking: bool, ears: Ears) -> None:
        now = time.perf_counter()
        match event:
            case SpeechStarted():
                self._started_s, self._ended_s = now, None
                if is_speaking:
                    self._barged_in_s = now
            case SpeechResumed():
                self._ended_s = None
            case SpeechPaused():
                self._ended_s = now - ears.detection_lag_ms(event) / 1000
            case TranscriptInterim() if self._started_s is not None:
                self._metrics.add("interim", (now - self._started_s) * 1000)
                self._started_s = None
            case TranscriptFinal() if self._closed_s is not None:
                self._metrics.add("final", (now - self._closed_s) * 1000)
            case UtteranceTyped():
                self._ended_s, self._closed_s = None, now
            case _:
                pass

    def turn_closed(self) -> None:
        self._closed_s = time.perf_counter()
        if self._ended_s is not None:
            self._metrics.add("endpoint", (self._closed_s - self._ended_s) * 1000)

    def reply_began(self, response: int) -> None:
        self._reply = response

    def written(self, item: Outgoing) -> None:
        now = time.perf_counter()
        if isinstance(item, ReplyChunk):
            if item.response == self._reply:
                self._first_audio(now)
        elif self._barged_in_s is not None and isinstance(item, SpeechPause | SpeechClear):
            self._metrics.add("barge_in", (now - self._barged_in_s) * 1000)
            self._barged_in_s = None

    def _first_audio(self, now: float) -> None:
        self._reply = None
        if self._ended_s is not None:
            self._metrics.add("reply", (now - self._ended_s) * 1000)
        if self._closed_s is not None:
            self._metrics.add("reply_work", (now - self._closed_s) * 1000)
        self._ended_s = self._closed_s = None

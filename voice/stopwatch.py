"""Where the time of a turn goes, by the runner's own clocks: into the call's histograms, and as parts that sum."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from voice.call_metrics import CallMetrics
from voice.dialog.effects import SaveTurn, TurnRecord
from voice.dialog.events import (
    ClientResumed,
    Event,
    ModeChanged,
    RecordingHeard,
    RecordingReceived,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    TranscriptFinal,
    TranscriptInterim,
    UtteranceTyped,
)
from voice.ears import Ears
from voice.outbox import Outgoing, ReplyChunk
from voice.protocol import Caption, SpeechClear, SpeechPause
from voice.turn_latency import TurnLatency, latency_between

REMEMBERED = 64  # of each kind; a turn is saved long before so many others have passed
SAME_PAUSE_MS = 100  # the core's clock may be that much ahead of the event it took the time from


class TurnTimes:
    """What the runner sees of turns and the call core does not, in milliseconds since the call opened."""

    def __init__(self) -> None:
        self._pauses: deque[tuple[int, int]] = deque(maxlen=REMEMBERED)  # when it was told, when the voice stopped
        self._closings: deque[int] = deque(maxlen=REMEMBERED)
        self._recordings: deque[tuple[int, int]] = deque(
            maxlen=REMEMBERED
        )  # when it was heard, when all of it was here
        self._written: dict[int, int] = {}  # response: when its first audio was written

    def voice_paused(self, told_ms: int, stopped_ms: int) -> None:
        self._pauses.append((told_ms, stopped_ms))

    def turn_closed(self, at_ms: int) -> None:
        self._closings.append(at_ms)

    def recording_heard(self, heard_ms: int, received_ms: int) -> None:
        """Its speaker had stopped, and said so, when all of it was here."""
        self._recordings.append((heard_ms, received_ms))

    def audio_written(self, response: int, at_ms: int) -> None:
        self._written.setdefault(response, at_ms)
        if len(self._written) > REMEMBERED:
            del self._written[next(iter(self._written))]

    def latency_of(self, record: TurnRecord) -> TurnLatency | None:
        """None: nothing was said, or nothing answered aloud, so nobody waited for a voice."""
        written = self._written.get(record.response) if record.response is not None else None
        words, decided = record.final_ms, record.understood_ms
        if record.source != "voice" or written is None or words is None or decided is None:
            return None
        if record.speech_ended_ms is None:
            stopped = closed = self._received(words)
        else:
            stopped = self._stopped(record.speech_ended_ms)
            closed = self._closed(stopped, words)
        if stopped is None or closed is None:
            return None
        played = written if record.first_audio_ms is None else record.first_audio_ms
        return latency_between(stopped, closed, words, decided, written, played)

    def _received(self, words_ms: int) -> int | None:
        """When the recording was here whose words came at that moment."""
        for heard, received in reversed(self._recordings):
            if heard <= words_ms:
                return received if words_ms - heard <= SAME_PAUSE_MS else None
        return None

    def _stopped(self, ended_ms: int) -> int:
        """A turn that was closed while the voice went on ended then."""
        for told, stopped in reversed(self._pauses):
            if told <= ended_ms:
                return stopped if ended_ms - told <= SAME_PAUSE_MS else ended_ms
        return ended_ms

    def _closed(self, stopped_ms: int, words_ms: int) -> int:
        """Where the words came by themselves, they closed the turn."""
        return min((at for at in self._closings if stopped_ms <= at <= words_ms), default=words_ms)


class Stopwatch:
    def __init__(self, metrics: CallMetrics, *, clock: Callable[[], int]) -> None:
        self._metrics = metrics
        self._clock = clock
        self._times = TurnTimes()
        self._received: dict[str, int] = {}  # recording: when all of it was here
        self._first_voice_ms: int | None = None  # of an utterance without words yet, until the call's first words came
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
                self._first_voice_ms = event.at_ms - round(ears.detection_lag_ms(event))
                if is_speaking:
                    self._barged_in_s = now
            case SpeechResumed():
                self._ended_s = None
            case SpeechPaused():
                lag_ms = ears.detection_lag_ms(event)
                self._ended_s = now - lag_ms / 1000
                self._times.voice_paused(event.at_ms, event.at_ms - round(lag_ms))
            case TranscriptInterim() if self._started_s is not None:
                self._metrics.add("interim", (now - self._started_s) * 1000)
                self._started_s = None
            case TranscriptFinal() if self._closed_s is not None:
                self._metrics.add("final", (now - self._closed_s) * 1000)
            case UtteranceTyped():
                self._ended_s, self._closed_s = None, now
            case _:
                pass
        self._note_call(event)

    def turn_closed(self) -> None:
        self._closed_s = time.perf_counter()
        self._times.turn_closed(self._clock())
        if self._ended_s is not None:
            self._metrics.add("endpoint", (self._closed_s - self._ended_s) * 1000)

    def reply_began(self, response: int) -> None:
        self._reply = response

    def written(self, item: Outgoing) -> None:
        now = time.perf_counter()
        if isinstance(item, ReplyChunk):
            self._metrics.is_prompted = True
            self._metrics.count("bytes_sent", len(item.pcm))
            self._times.audio_written(item.response, self._clock())
            if item.response == self._reply:
                self._first_audio(now)
        elif isinstance(item, Caption):
            self._metrics.is_prompted |= item.speaker != "customer"
        elif self._barged_in_s is not None and isinstance(item, SpeechPause | SpeechClear):
            self._metrics.add("barge_in", (now - self._barged_in_s) * 1000)
            self._barged_in_s = None

    def measured(self, effect: SaveTurn) -> SaveTurn:
        """The turn with what its customer waited for."""
        return replace(effect, record=replace(effect.record, latency=self._times.latency_of(effect.record)))

    def _note_call(self, event: Event) -> None:
        """What is counted once a call."""
        match event:
            case TranscriptInterim(text=text) if text.strip():
                self._first_words(event.at_ms)
            case RecordingReceived():
                if event.is_whole:
                    self._received.setdefault(event.recording, event.at_ms)
                if self._first_voice_ms is None:
                    self._first_voice_ms = event.at_ms
            case TranscriptFinal(hypotheses=found) | RecordingHeard(hypotheses=found):
                if any(one.text.strip() for one in found):
                    self._first_words(event.at_ms)
                self._first_voice_ms = None
                if isinstance(event, RecordingHeard):
                    received_ms = self._received.pop(event.recording, event.at_ms)
                    self._times.recording_heard(event.at_ms, received_ms)
            case ModeChanged():
                self._metrics.fell_back(event.mode, event.reason)
            case ClientResumed():
                self._metrics.count("reconnects")
            case _:
                pass

    def _first_words(self, at_ms: int) -> None:
        if self._metrics.first_transcript_ms is None and self._first_voice_ms is not None:
            self._metrics.first_transcript_ms = max(0, at_ms - self._first_voice_ms)

    def _first_audio(self, now: float) -> None:
        self._reply = None
        if self._ended_s is not None:
            self._metrics.add("reply", (now - self._ended_s) * 1000)
        if self._closed_s is not None:
            self._metrics.add("reply_work", (now - self._closed_s) * 1000)
        self._ended_s = self._closed_s = None

"""The scripted engine: hears what a script says, speaks tones. For tests and load benchmarks; it needs no process.

A caller's tone stands for a voice: anything louder than −40 dBFS. The n-th utterance of a stream is the n-th entry of
the script; after the last one it starts over. Interims come word by word while the voice lasts, the final at
`finish_utterance`. It can be told to go wrong in each way a real provider does (`Fault`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import numpy as np

from restaurants.menu import Menu
from voice.audio.formats import pcm16_to_samples, samples_to_pcm16
from voice.audio.resample import LOW_LATENCY, StreamResampler
from voice.audio.speech import (
    DETECTOR_RATE_HZ,
    SpeechChange,
    SpeechChangeKind,
    SpeechDetector,
    energy_probability,
)
from voice.dialog.events import (
    EngineFailed,
    Hypothesis,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    TranscriptFinal,
    TranscriptInterim,
)
from voice.engines.types import Capabilities, Clock, EngineStatus, EngineUnavailable, TranscriberEvent

Sleep = Callable[[float], Awaitable[object]]

DEFAULT_SCRIPT: Final = ("hello", "yes", "that's all")
DIES_AFTER_MS: Final = 300  # of a voice
SLOW_MS: Final = 20_000
_VOICE: Final[dict[SpeechChangeKind, type[SpeechStarted | SpeechPaused | SpeechResumed]]] = {
    SpeechChangeKind.STARTED: SpeechStarted,
    SpeechChangeKind.PAUSED: SpeechPaused,
    SpeechChangeKind.RESUMED: SpeechResumed,
}


class Fault(StrEnum):
    """Of every stream that is opened while it is set."""

    NONE = ""
    REFUSES = "refuses"  # does not open
    SILENT = "silent"  # accepts everything and never says a word
    DIES = "dies"  # breaks off in the middle of an utterance
    GARBAGE = "garbage"  # sends what makes no sense
    SLOW = "slow"  # notices the voice; words come when nobody waits any more


@dataclass(frozen=True, slots=True)
class ScriptedUtterance:
    """`texts`: the n-best list, best first. `fails`: the engine dies instead of giving the final."""

    texts: tuple[str, ...]
    ms_per_word: int = 200
    final_delay_ms: int = 0
    fails: str = ""


@dataclass(slots=True)
class _Utterance:
    started_ms: float = 0.0
    fell_ms: float = 0.0
    words_shown: int = 0


class ScriptedStream:
    """Runs on the caller's loop; recognises by the clock of the audio itself."""

    def __init__(
        self,
        script: Sequence[ScriptedUtterance],
        *,
        sample_rate_hz: int,
        clock: Clock,
        sleep: Sleep,
        fault: Fault = Fault.NONE,
    ) -> None:
        self._script = script
        self._fault = fault
        self._clock = clock
        self._sleep = sleep
        self._resampler = StreamResampler(from_rate_hz=sample_rate_hz, to_rate_hz=DETECTOR_RATE_HZ, quality=LOW_LATENCY)
        self._detector = SpeechDetector(energy_probability())
        self._turn = 0
        self._open = _Utterance()
        self._events: asyncio.Queue[TranscriberEvent | None] = asyncio.Queue()
        self._finals: set[asyncio.Task[None]] = set()
        self._is_open = True
        self.dropped_ms = 0
        self.heard_bytes = 0

    def push(self, pcm: bytes) -> None:
        if not self._is_open:
            return
        self.heard_bytes += len(pcm)
        if self._fault is Fault.SILENT:
            return
        samples = self._resampler.push(pcm16_to_samples(pcm[: len(pcm) & ~1]))
        for _, change in self._detector.push(samples):
            if change is not None:
                self._note(change)
            self._show_words()
            self._go_wrong()

    def finish_utterance(self) -> None:
        if not self._is_open or self._fault is Fault.SILENT:
            return
        utterance, self._open = self._open, _Utterance()
        spoke = self._detector.in_utterance
        ended = utterance.fell_ms if spoke and not self._detector.is_voiced else self._detector.position_ms
        line = self._line() if spoke else ScriptedUtterance(())
        self._turn += spoke
        self._detector.finish_utterance()
        final = TranscriptFinal(
            hypotheses=tuple(Hypothesis(text, -float(rank)) for rank, text in enumerate(line.texts)),
            started_audio_ms=round(utterance.started_ms if spoke else ended),
            ended_audio_ms=round(ended),
        )
        if line.final_delay_ms or line.fails or self._fault is Fault.SLOW:
            task = asyncio.get_running_loop().create_task(self._give_later(line, final))
            self._finals.add(task)
            task.add_done_callback(self._finals.discard)
        else:
            self._give(line, final)

    async def events(self) -> AsyncIterator[TranscriberEvent]:
        while (event := await self._events.get()) is not None:
            yield event

    async def close(self) -> None:
        for task in tuple(self._finals):
            task.cancel()
        self._end()

    def _line(self) -> ScriptedUtterance:
        return self._script[self._turn % len(self._script)]

    def _note(self, change: SpeechChange) -> None:
        if change.kind is SpeechChangeKind.STARTED:
            self._open = _Utterance(started_ms=change.at_ms)
        elif change.kind is SpeechChangeKind.PAUSED:
            self._open.fell_ms = change.at_ms
        self._events.put_nowait(_VOICE[change.kind](at_ms=self._clock(), audio_ms=round(change.at_ms)))

    def _show_words(self) -> None:
        if not self._detector.is_voiced or self._fault is Fault.SLOW:
            return
        line = self._line()
        words = line.texts[0].split() if line.texts else []
        due = int((self._detector.position_ms - self._open.started_ms) // line.ms_per_word)
        if min(due, len(words)) > self._open.words_shown:
            self._open.words_shown = min(due, len(words))
            self._events.put_nowait(TranscriptInterim(at_ms=self._clock(), text=" ".join(words[:due])))

    def _go_wrong(self) -> None:
        voice_ms = self._detector.position_ms - self._open.started_ms if self._detector.is_voiced else 0.0
        if not self._is_open or voice_ms < DIES_AFTER_MS:
            return
        if self._fault is Fault.DIES:
            self._events.put_nowait(EngineFailed(at_ms=self._clock(), stage="transcriber", reason="it broke off"))
            self._end()
        elif self._fault is Fault.GARBAGE:
            nonsense: Any = {"type": "garbage"}
            self._events.put_nowait(nonsense)

    async def _give_later(self, line: ScriptedUtterance, final: TranscriptFinal) -> None:
        await self._sleep((SLOW_MS if self._fault is Fault.SLOW else line.final_delay_ms) / 1000)
        self._give(line, final)

    def _give(self, line: ScriptedUtterance, final: TranscriptFinal) -> None:
        if line.fails:
            self._events.put_nowait(EngineFailed(at_ms=self._clock(), stage="transcriber", reason=line.fails))
            self._end()
            return
        self._events.put_nowait(
            TranscriptFinal(
                at_ms=self._clock(),
                hypotheses=final.hypotheses,
                started_audio_ms=final.started_audio_ms,
                ended_audio_ms=final.ended_audio_ms,
            )
        )

    def _end(self) -> None:
        if self._is_open:
            self._is_open = False
            self._events.put_nowait(None)


class ScriptedTranscriber:
    """`script` entries are texts or ScriptedUtterance; `sleep` may be a virtual clock's."""

    capabilities = Capabilities(name="scripted", languages=("en", "es"), sample_rate_hz=DETECTOR_RATE_HZ)

    def __init__(
        self,
        script: Sequence[str | ScriptedUtterance] = DEFAULT_SCRIPT,
        *,
        sleep: Sleep = asyncio.sleep,
        refuses: str = "",
        fault: Fault = Fault.NONE,
    ) -> None:
        """raises: ValueError on an empty script"""
        if not script:
            raise ValueError("a script needs at least one utterance")
        self.script = tuple(
            entry if isinstance(entry, ScriptedUtterance) else ScriptedUtterance((entry,)) for entry in script
        )
        self.streams: list[ScriptedStream] = []
        self._sleep = sleep
        self._refuses = refuses
        self.fault = fault

    async def open(
        self, *, menu: Menu, language: str, sample_rate_hz: int, clock: Clock, tenant: str
    ) -> ScriptedStream:
        if self._refuses or self.fault is Fault.REFUSES:
            raise EngineUnavailable(self._refuses or "it takes nobody just now")
        stream = ScriptedStream(
            self.script, sample_rate_hz=sample_rate_hz, clock=clock, sleep=self._sleep, fault=self.fault
        )
        self.streams.append(stream)
        return stream

    def prewarm(self, menu: Menu, language: str) -> None:
        """Nothing to make."""

    def status(self) -> EngineStatus:
        return EngineStatus("scripted", not self._refuses, self._refuses)

    async def close(self) -> None:
        for stream in self.streams:
            await stream.close()
        self.streams.clear()


@dataclass(slots=True)
class ScriptedSpeaker:
    """A 220 Hz tone as long as the text would take to say, first audio after `first_audio_ms`."""

    first_audio_ms: int = 0
    ms_per_char: int = 60
    chunk_ms: int = 100
    fails: str = ""
    sleep: Sleep = asyncio.sleep
    spoken: list[str] = field(default_factory=list)

    capabilities = Capabilities("scripted", ("en", "es"), 24_000, has_interim=False)

    async def speak(self, text: str, *, language: str, sample_rate_hz: int) -> AsyncIterator[bytes]:
        self.spoken.append(text)
        if self.first_audio_ms:
            await self.sleep(self.first_audio_ms / 1000)
        if self.fails:
            raise EngineUnavailable(self.fails)
        for start_ms in range(0, len(text) * self.ms_per_char, self.chunk_ms):
            first = start_ms * sample_rate_hz // 1000
            times = np.arange(first, first + self.chunk_ms * sample_rate_hz // 1000, dtype=np.float32) / sample_rate_hz
            yield samples_to_pcm16((0.2 * np.sin(2 * np.pi * 220 * times)).astype(np.float32))

    def status(self) -> EngineStatus:
        return EngineStatus("scripted", not self.fails, self.fails)

    async def close(self) -> None:
        self.spoken.clear()

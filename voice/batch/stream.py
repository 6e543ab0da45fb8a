"""Frames in batch: utterances are found here, stored as recordings, and their words come back as a stream's events.

For the runner it is a `TranscriberStream` like any engine's, only that no words come on the way. Speech detection runs
in threads: it would hold up every other call's audio on the loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from voice.audio.formats import pcm16_to_samples
from voice.audio.resample import LOW_LATENCY, StreamResampler
from voice.audio.speech import (
    DETECTOR_RATE_HZ,
    SpeechChange,
    SpeechChangeKind,
    SpeechDetector,
    SpeechProbability,
)
from voice.dialog.events import (
    EngineFailed,
    Hypothesis,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    TranscriptFinal,
)
from voice.ending import end_tasks
from voice.engines.types import Clock, EngineUnavailable, TranscriberEvent
from voice.spool import Spool

logger = logging.getLogger(__name__)

T = TypeVar("T")

PREROLL_MS: Final = 500  # an utterance may have begun this long before it was detected
SETTLE_CHECK_S: Final = 0.01
SETTLE_S: Final = 2.0  # for what is just being stored, when the stream closes
DETECTOR_THREADS: Final = 2
_VOICE: Final[dict[SpeechChangeKind, type[SpeechStarted | SpeechPaused | SpeechResumed]]] = {
    SpeechChangeKind.STARTED: SpeechStarted,
    SpeechChangeKind.PAUSED: SpeechPaused,
    SpeechChangeKind.RESUMED: SpeechResumed,
}
_threads = ThreadPoolExecutor(DETECTOR_THREADS, thread_name_prefix="speech-detection")


async def in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


class RunInThread(Protocol):
    async def __call__(self, work: Callable[[], T]) -> T: ...


class Desk(Protocol):
    """Where utterances become words: the recordings of one call."""

    async def hand_in(self, pcm: bytes, *, sample_rate_hz: int) -> str:
        """Stores a whole utterance for good and rings for a worker; tries until it is stored. Returns its id."""
        ...

    async def words(self, recording: str) -> tuple[Hypothesis, ...]:
        """Waits for them. raises: EngineUnavailable when there will be none"""
        ...


class _VoiceFinder:
    """The detector of one stream. Used by one thread at a time."""

    def __init__(self, probability: Callable[[], SpeechProbability], *, sample_rate_hz: int) -> None:
        self._make_probability = probability
        self._resampler = StreamResampler(from_rate_hz=sample_rate_hz, to_rate_hz=DETECTOR_RATE_HZ, quality=LOW_LATENCY)
        self._detector: SpeechDetector | None = None

    def hear(self, pcm: bytes) -> list[SpeechChange]:
        windows = self._ready().push(self._resampler.push(pcm16_to_samples(pcm)))
        return [change for _, change in windows if change is not None]

    def hear_open(self, pcm: bytes) -> SpeechChange:
        """Audio of an utterance that is open already. Returns how it stands at the end: paused, or going on."""
        detector = self._ready()
        detector.in_utterance = detector.is_voiced = True
        changes = self.hear(pcm)
        if changes and not detector.is_voiced:
            return changes[-1]
        return SpeechChange(SpeechChangeKind.RESUMED, detector.position_ms)

    def finish(self) -> None:
        self._ready().finish_utterance()

    def _ready(self) -> SpeechDetector:
        if self._detector is None:
            self._detector = SpeechDetector(self._make_probability())
        return self._detector


async def holds_voice(
    pcm: bytes, sample_rate_hz: int, *, probability: Callable[[], SpeechProbability], run: RunInThread = in_thread
) -> bool:
    """Whether somebody speaks in it."""
    finder = _VoiceFinder(probability, sample_rate_hz=sample_rate_hz)
    return any(change.kind is SpeechChangeKind.STARTED for change in await run(lambda: finder.hear(pcm)))


@dataclass(frozen=True, slots=True)
class _Adopted:
    """Audio of the utterance that was open when the stream began; `is_finished`: the turn is over already."""

    pcm: bytes
    is_finished: bool


@dataclass(frozen=True, slots=True)
class _Utterance:
    began_ms: float
    ended_ms: float


class BatchStream:
    """Ready at once; positions count from its beginning. `deadline_s`: from the end of an utterance to its words."""

    def __init__(
        self,
        desk: Desk,
        *,
        sample_rate_hz: int,
        clock: Clock,
        probability: Callable[[], SpeechProbability],
        deadline_s: float,
        run: RunInThread = in_thread,
    ) -> None:
        self._desk = desk
        self._rate_hz = sample_rate_hz
        self._clock = clock
        self._deadline_s = deadline_s
        self._run = run
        self._finder = _VoiceFinder(probability, sample_rate_hz=sample_rate_hz)
        self._spool = Spool(sample_rate_hz=sample_rate_hz)
        self._open_from_ms: float | None = None
        self._queue: deque[bytes | _Adopted | None] = deque()  # None: the turn is over
        self._wake = asyncio.Event()
        self._events: asyncio.Queue[TranscriberEvent | None] = asyncio.Queue()
        self._storing = asyncio.Lock()  # one after the other: what is stored has no gaps
        self._unstored: deque[_Utterance] = deque()
        self._last: asyncio.Task[None] | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self._is_open = True
        self._worker = asyncio.create_task(self._work(), name="batch ears")

    @property
    def dropped_ms(self) -> int:
        return round(self._spool.lost_bytes / 2 / self._rate_hz * 1000)

    @property
    def needed_from_ms(self) -> float:
        """Below it everything is stored, or was silence."""
        if self._unstored:
            return self._unstored[0].began_ms
        if self._open_from_ms is not None:
            return self._open_from_ms
        return max(0.0, self._spool.ended_ms - PREROLL_MS)

    def push(self, pcm: bytes) -> None:
        self._put(pcm[: len(pcm) & ~1])

    def adopt(self, pcm: bytes, *, is_finished: bool) -> None:
        """Before anything is pushed: what was said of the open utterance so far. Its beginning is nobody's news."""
        self._put(_Adopted(pcm[: len(pcm) & ~1], is_finished))

    def finish_utterance(self) -> None:
        self._put(None)

    async def events(self) -> AsyncIterator[TranscriberEvent]:
        while (event := await self._events.get()) is not None:
            yield event

    async def settle(self) -> None:
        """Waits for what is just being stored, so that nobody sends it again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                while self._unstored and self._jobs:
                    await asyncio.wait(self._jobs, timeout=SETTLE_CHECK_S)

    async def close(self) -> None:
        self._end()
        await end_tasks(self._worker, *self._jobs)

    def _put(self, item: bytes | _Adopted | None) -> None:
        if self._is_open:
            self._queue.append(item)
            self._wake.set()

    async def _work(self) -> None:
        try:
            while True:
                while self._queue:
                    await self._take(self._queue.popleft())
                self._wake.clear()
                await self._wake.wait()
        except Exception:
            logger.exception("Listening in batch failed")
            self._fail("internal error")

    async def _take(self, item: bytes | _Adopted | None) -> None:
        if item is None:
            self._finish()
        elif isinstance(item, _Adopted):
            await self._adopt(item)
        else:
            await self._hear(item)

    async def _hear(self, pcm: bytes) -> None:
        pieces = [pcm]
        while self._queue and isinstance(self._queue[0], bytes):  # all that came while the thread was busy
            piece = self._queue.popleft()
            assert isinstance(piece, bytes)
            pieces.append(piece)
        heard = b"".join(pieces)
        self._spool.push(heard)
        for change in await self._run(lambda: self._finder.hear(heard)):
            self._note(change)
        if self._open_from_ms is None:
            self._spool.forget_before(self._spool.ended_ms - 2 * PREROLL_MS)

    async def _adopt(self, item: _Adopted) -> None:
        self._open_from_ms = self._spool.ended_ms
        self._spool.push(item.pcm)
        stands = await self._run(lambda: self._finder.hear_open(item.pcm))
        if not item.is_finished:
            self._note(stands)

    def _note(self, change: SpeechChange) -> None:
        if change.kind is SpeechChangeKind.STARTED:
            self._open_from_ms = max(self._spool.began_ms, change.at_ms - PREROLL_MS)
        self._events.put_nowait(_VOICE[change.kind](at_ms=self._clock(), audio_ms=round(change.at_ms)))

    def _finish(self) -> None:
        """An utterance nobody spoke in has its final at once, but never before those that are still being made."""
        began, self._open_from_ms = self._open_from_ms, None
        utterance = _Utterance(self._spool.ended_ms if began is None else began, self._spool.ended_ms)
        pcm = b"" if began is None else self._spool.between(began)
        self._finder.finish()
        if pcm:
            self._unstored.append(utterance)
        self._last = asyncio.create_task(self._transcribe(utterance, pcm, self._last), name="batch utterance")
        self._jobs.add(self._last)
        self._last.add_done_callback(self._jobs.discard)

    async def _transcribe(self, utterance: _Utterance, pcm: bytes, before: asyncio.Task[None] | None) -> None:
        recording, problem = "", ""
        hypotheses: tuple[Hypothesis, ...] = ()
        try:
            async with asyncio.timeout(self._deadline_s):
                if pcm:
                    recording = await self._store(utterance, pcm)
                    hypotheses = await self._desk.words(recording)
        except EngineUnavailable as error:
            problem = str(error)
        except TimeoutError:
            problem = "the words did not come in time"
        if before is not None:
            await asyncio.wait([before])
        if problem:
            self._fail(problem)
        elif self._is_open:
            self._events.put_nowait(self._final(utterance, hypotheses, recording))

    async def _store(self, utterance: _Utterance, pcm: bytes) -> str:
        async with self._storing:
            recording = await self._desk.hand_in(pcm, sample_rate_hz=self._rate_hz)
            self._unstored.remove(utterance)
            return recording

    def _final(self, utterance: _Utterance, hypotheses: tuple[Hypothesis, ...], recording: str) -> TranscriptFinal:
        return TranscriptFinal(
            at_ms=self._clock(),
            hypotheses=hypotheses,
            started_audio_ms=round(utterance.began_ms),
            ended_audio_ms=round(utterance.ended_ms),
            recording=recording,
        )

    def _fail(self, reason: str) -> None:
        if self._is_open:
            self._events.put_nowait(EngineFailed(at_ms=self._clock(), stage="transcriber", reason=reason))
            self._end()

    def _end(self) -> None:
        if self._is_open:
            self._is_open = False
            self._queue.clear()
            self._events.put_nowait(None)

"""The caller's audio on its way to the engine, and the engine's events on their way back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable

from voice.call_metrics import CallMetrics
from voice.dialog.events import EngineFailed, Event, SpeechPaused, SpeechStarted, TranscriptFinal
from voice.ending import end_tasks
from voice.engines.types import EngineUnavailable, TranscriberStream

logger = logging.getLogger(__name__)

MAX_WAITING_MS = 10_000  # audio kept while the engine opens: a cold model takes its time, OPEN_TIMEOUT_S at most
PREROLL_MS = 500  # an utterance may have begun this long before it was detected
OPEN_TIMEOUT_S = 15.0  # a menu published a moment ago may have its model still in the making
SILENCE_MS = 400

OpenStream = Callable[[int], Awaitable[TranscriberStream]]


class Ears:
    """Owned by one runner. `push` hands audio over at once; what comes while the engine opens waits."""

    def __init__(
        self,
        open_stream: OpenStream,
        *,
        deliver: Callable[[Event], None],
        clock: Callable[[], int],
        metrics: CallMetrics,
    ) -> None:
        self._open_stream = open_stream
        self._deliver = deliver
        self._clock = clock
        self._metrics = metrics
        self._stream: TranscriberStream | None = None
        self._task: asyncio.Task[None] | None = None
        self._rate_hz = 0
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._waiting_ms = 0.0
        self._stream_began_ms = 0.0
        self._utterance_began_ms: float | None = None
        self._finished_ms = 0.0
        self.received_ms = 0.0

    @property
    def is_open(self) -> bool:
        """True while an engine listens or is about to."""
        return self._task is not None and not self._task.done()

    @property
    def needed_from_ms(self) -> float:
        """Position in the caller's audio below which nothing is needed again: the call core has made words of it."""
        began = self.received_ms if self._utterance_began_ms is None else self._utterance_began_ms
        return max(self._finished_ms, began - PREROLL_MS, 0.0)

    def open(self, sample_rate_hz: int) -> None:
        """Starts listening, or goes on at another rate. Returns at once."""
        if self.is_open and sample_rate_hz == self._rate_hz:
            return
        previous = self._task
        self._stream = None
        self._rate_hz = sample_rate_hz
        self._waiting.clear()
        self._waiting_ms = 0.0
        self._task = asyncio.create_task(self._listen(sample_rate_hz, previous), name="ears")

    def push(self, pcm: bytes, received_s: float) -> None:
        """`received_s` is time.perf_counter() when the socket gave us the frame."""
        if self._rate_hz == 0:
            self._metrics.count("frames_without_ears")
            return
        ms = len(pcm) / 2 / self._rate_hz * 1000
        self.received_ms += ms
        self._metrics.count("frames")
        if self._stream is not None:
            self._hand_over(self._stream, pcm, received_s)
            return
        if not self.is_open:
            self._metrics.count("frames_without_ears")
            return
        self._waiting.append((pcm, received_s))
        self._waiting_ms += ms
        while self._waiting_ms > MAX_WAITING_MS and len(self._waiting) > 1:
            oldest, _ = self._waiting.popleft()
            self._waiting_ms -= len(oldest) / 2 / self._rate_hz * 1000
            self._metrics.count("dropped_frames")
        self._metrics.depth("inbound_audio", len(self._waiting))

    def stopped(self) -> None:
        """The microphone was muted: the detector gets the silence it would have heard, and the core ends the turn."""
        if self._stream is not None:
            self.push(bytes(self._rate_hz * SILENCE_MS // 1000 * 2), time.perf_counter())

    def finish_utterance(self) -> None:
        """The turn is over; without an engine an empty final follows, so that nobody waits."""
        if self._stream is not None:
            self._stream.finish_utterance()
        else:
            self._deliver(TranscriptFinal(at_ms=self._clock()))

    def handled(self, event: Event) -> None:
        """The call core has taken the event in."""
        if isinstance(event, SpeechStarted):
            if self._utterance_began_ms is None:
                self._utterance_began_ms = self._stream_began_ms + event.audio_ms
        elif isinstance(event, TranscriptFinal):
            self._utterance_began_ms = None
            ended_ms = self._stream_began_ms + event.ended_audio_ms if event.ended_audio_ms else self.received_ms
            self._finished_ms = max(self._finished_ms, min(ended_ms, self.received_ms))

    async def close(self) -> None:
        task, self._task = self._task, None
        await end_tasks(task)
        self._waiting.clear()
        self._waiting_ms = 0.0
        self._utterance_began_ms = None

    def _hand_over(self, stream: TranscriberStream, pcm: bytes, received_s: float) -> None:
        stream.push(pcm)
        self._metrics.add("hand_over", (time.perf_counter() - received_s) * 1000)

    async def _listen(self, sample_rate_hz: int, previous: asyncio.Task[None] | None) -> None:
        await end_tasks(previous)
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                stream = await self._open_stream(sample_rate_hz)
        except (EngineUnavailable, TimeoutError) as error:
            self._fail(str(error) or "the recogniser did not open in time")
            return
        try:
            self._stream_began_ms = self.received_ms - self._waiting_ms
            while self._waiting:
                self._hand_over(stream, *self._waiting.popleft())
            self._waiting_ms = 0.0
            self._stream = stream
            async for event in stream.events():
                if isinstance(event, EngineFailed):
                    self._metrics.count("engine_failures")
                self._deliver(event)
        finally:
            if self._stream is stream:
                self._stream = None
            self._metrics.count("engine_dropped_ms", stream.dropped_ms)
            await stream.close()

    def detection_lag_ms(self, event: SpeechPaused | SpeechStarted) -> float:
        """How much later than it happened the detector told us."""
        return min(max(0.0, self.received_ms - self._stream_began_ms - event.audio_ms), 2_000.0)

    def _fail(self, reason: str) -> None:
        self._metrics.count("engine_failures")
        self._deliver(EngineFailed(at_ms=self._clock(), stage="transcriber", reason=reason))

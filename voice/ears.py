"""The caller's audio on its way to whoever makes words of it, and the events on their way back.

Two ways: the engine's stream, and when that cannot go on, a batch stream (docs/batch.md) that gets everything the first
one made no words of. The change is an event among the others (`ModeChanged`): what was heard before it is heard once.
"""

# budget: both ways, the change between them and what is known of the audio share every position they are told in

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from voice.call_metrics import CallMetrics
from voice.dialog.events import (
    EngineFailed,
    Event,
    ModeChanged,
    SpeechPaused,
    SpeechStarted,
    TimerFired,
    TranscriptFinal,
)
from voice.ending import end_tasks
from voice.engines.types import EngineUnavailable, TranscriberEvent, TranscriberStream
from voice.fallback import BATCH, STREAMING, BatchEars, Fallback, Reason, is_sensible
from voice.patience import Patience
from voice.spool import Spool, WaitingAudio

logger = logging.getLogger(__name__)

PREROLL_MS = 500  # an utterance may have begun this long before it was detected
LAG_MS = 3_000  # and a recogniser that breaks off may have been this far behind
OPEN_TIMEOUT_S = 15.0  # a menu published a moment ago may have its model still in the making
SILENCE_MS = 400
TIDY_EVERY_MS = 500

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
        fallback: Fallback | None = None,
        mode: str = STREAMING,
    ) -> None:
        self._open_stream = open_stream
        self._deliver = deliver
        self._clock = clock
        self._metrics = metrics
        self._fallback = fallback
        self.mode = mode
        self._stream: TranscriberStream | None = None
        self._batch: BatchEars | None = None  # is the stream, in batch
        self._task: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._generation = 0  # of streams: what an older one says is nobody's
        self._rate_hz = 0
        self._waiting = WaitingAudio()
        self._spool: Spool | None = None
        self._tidied_ms = 0.0
        self._patience: Patience | None = None
        self._leaves_for: Reason | None = None  # at the end of the utterance
        self._is_switching = False  # ModeChanged is on its way through the call core
        self._owed_from_ms = 0.0  # while it is: what the engine may not have listened to
        self._stream_began_ms = 0.0
        self._utterance_began_ms: float | None = None
        self._finish_asked_ms: float | None = None
        self._finished_ms = 0.0
        self.received_ms = 0.0

    @property
    def is_open(self) -> bool:
        """True while somebody listens or is about to."""
        return self._is_switching or (self._task is not None and not self._task.done())

    @property
    def needed_from_ms(self) -> float:
        """Position in the caller's audio below which nothing is needed again: it is words, stored, or was silence."""
        if self._batch is not None:
            return max(self._finished_ms, self._stream_began_ms + self._batch.needed_from_ms)
        return self._unheard_from_ms()

    # --- Audio in -----------------------------------------------------------------------------------------------------

    def open(self, sample_rate_hz: int) -> None:
        """Starts listening, or goes on at another rate. Returns at once."""
        if self.is_open and sample_rate_hz == self._rate_hz:
            return
        previous = self._stop_stream()
        self._rate_hz = sample_rate_hz
        self._is_switching = False
        if self.mode == BATCH and self._fallback is not None:
            self._let_end(previous)
            self._listen_in_batch(self._fallback, began_ms=self.received_ms)
            return
        if self._fallback is not None and self._fallback.is_allowed:
            self._spool = Spool(sample_rate_hz=sample_rate_hz, began_ms=self.received_ms)
            self._patience = Patience(
                self._spool,
                deadline_ms=self._fallback.first_words_ms,
                is_voice=self._fallback.is_voice,
                run_out=self._too_slow,
            )
        self._task = asyncio.create_task(self._listen(sample_rate_hz, previous), name="ears")

    def push(self, pcm: bytes, received_s: float) -> None:
        """`received_s` is time.perf_counter() when the socket gave us the frame."""
        if not self.is_open:
            self._metrics.count("frames_without_ears")
            if self._rate_hz:
                self.received_ms += len(pcm) / 2 / self._rate_hz * 1000
                self._metrics.count("frames")
            return
        ms = len(pcm) / 2 / self._rate_hz * 1000
        self.received_ms += ms
        self._metrics.count("frames")
        self._keep(pcm)
        if self._stream is not None:
            self._hand_over(self._stream, pcm, received_s)
        elif not self._is_switching:
            self._metrics.count("dropped_frames", self._waiting.push(pcm, received_s, ms))
            self._metrics.depth("inbound_audio", len(self._waiting))

    def stopped(self) -> None:
        """The microphone was muted: the detector gets the silence it would have heard, and the core ends the turn."""
        if self._stream is not None or self._is_switching:
            self.push(bytes(self._rate_hz * SILENCE_MS // 1000 * 2), time.perf_counter())

    def finish_utterance(self) -> None:
        """The turn is over; without an engine an empty final follows, so that nobody waits."""
        if self._stream is None and not self._is_switching:
            self._deliver(TranscriptFinal(at_ms=self._clock()))
            return
        self._finish_asked_ms = self.received_ms
        if self._stream is not None:
            self._stream.finish_utterance()
            if self._patience is not None:
                self._patience.finish_asked()

    def handled(self, event: Event) -> None:
        """The call core has taken the event in."""
        match event:
            case SpeechStarted():
                if self._utterance_began_ms is None:
                    self._utterance_began_ms = self._stream_began_ms + event.audio_ms
            case TranscriptFinal():
                ended_ms = self._stream_began_ms + event.ended_audio_ms if event.ended_audio_ms else self.received_ms
                self._utterance_is_words(min(ended_ms, self.received_ms))
            case TimerFired(name="no_transcript") if self._finish_asked_ms is not None and self._batch is None:
                self._utterance_is_words(self._finish_asked_ms)  # the words on the way had to do
                if self._spool is not None:
                    self._too_slow("the final words did not come")
            case ModeChanged():
                self._switch()

    async def settle(self) -> None:
        """Before `needed_from_ms` is asked for the last time: what is just being stored need not come again."""
        if self._batch is not None:
            await self._batch.settle()

    async def close(self) -> None:
        self._finished_ms = max(self._finished_ms, self.needed_from_ms if self._batch is not None else 0.0)
        task = self._stop_stream()
        self._is_switching = False
        await end_tasks(task, *self._ending)
        self._utterance_began_ms = self._finish_asked_ms = None

    # --- From streaming to batch --------------------------------------------------------------------------------------

    def leave_streaming(self, reason: Reason, *, at_once: bool) -> None:
        """Goes on in batch, at once or at the end of the utterance that is open. Returns at once; once is enough."""
        if self.mode == BATCH or self._fallback is None or not self._fallback.is_allowed:
            return
        if at_once or self._utterance_began_ms is None:
            self._leave(reason)
        else:
            self._leaves_for = reason

    def _leave(self, reason: Reason) -> None:
        """From here on the engine's stream says nothing more; the switch follows what it has said already."""
        self.mode, self._leaves_for = BATCH, None
        self._is_switching = self.is_open
        self._owed_from_ms = self._unknown_from_ms(LAG_MS)
        self._let_end(self._stop_stream())
        self._deliver(ModeChanged(at_ms=self._clock(), mode=BATCH, reason=reason))

    def _switch(self) -> None:
        """Everything the engine made no words of goes into a batch stream, in the state the call core knows it in."""
        if not self._is_switching or self._fallback is None or self._spool is None:
            return
        spool, from_ms = self._spool, self._unheard_from_ms()
        self._is_switching, self._spool = False, None
        finish_ms, is_open = self._finish_asked_ms, self._utterance_began_ms is not None
        stream = self._listen_in_batch(self._fallback, began_ms=max(from_ms, spool.began_ms))
        held = spool.between(from_ms, finish_ms)
        if is_open:
            stream.adopt(held, is_finished=finish_ms is not None)
        else:
            stream.push(held)
        if finish_ms is not None:
            stream.finish_utterance()
            stream.push(spool.between(finish_ms))

    def _listen_in_batch(self, fallback: Fallback, *, began_ms: float) -> BatchEars:
        stream = fallback.open(self._rate_hz)
        self._stream = self._batch = stream
        self._stream_began_ms = began_ms
        self._task = asyncio.create_task(self._follow(stream, self._generation), name="batch ears")
        return stream

    def _engine_failed(self, reason: Reason, detail: str) -> None:
        self._metrics.count("engine_failures")
        if self._fallback is not None and self.mode == STREAMING:
            self._fallback.noticed(reason)
            if self._fallback.is_allowed:
                logger.warning("A call leaves streaming, %s: %s", reason, detail)
                self._leave(reason)
                return
        self._deliver(EngineFailed(at_ms=self._clock(), stage="transcriber", reason=detail))

    # --- The streams --------------------------------------------------------------------------------------------------

    async def _listen(self, sample_rate_hz: int, previous: asyncio.Task[None] | None) -> None:
        generation = self._generation
        await end_tasks(previous)
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                stream = await self._open_stream(sample_rate_hz)
        except (EngineUnavailable, TimeoutError) as error:
            self._engine_failed(Reason.ENGINE_REFUSED, str(error) or "the recogniser did not open in time")
            return
        self._stream_began_ms = self.received_ms - self._waiting.ms
        for pcm, received_s in self._waiting.take_all():
            self._hand_over(stream, pcm, received_s)
        self._stream = stream
        await self._follow(stream, generation)

    async def _follow(self, stream: TranscriberStream, generation: int) -> None:
        try:
            async for event in stream.events():
                if generation != self._generation or not self._hear(event):
                    return
            if generation == self._generation:
                self._engine_failed(Reason.ENGINE_FAILED, "the recogniser hung up")
        except Exception:
            logger.exception("A recogniser's stream failed")
            if generation == self._generation:
                self._engine_failed(Reason.ENGINE_FAILED, "internal error")
        finally:
            if self._stream is stream:
                self._stop_stream()
            self._metrics.count("engine_dropped_ms", stream.dropped_ms)
            await stream.close()

    def _hear(self, event: TranscriberEvent) -> bool:
        """False: nothing more is to come of this stream."""
        if not is_sensible(event):
            self._engine_failed(Reason.ENGINE_GARBAGE, "the recogniser sends what makes no sense")
            return False
        if isinstance(event, EngineFailed):
            self._engine_failed(Reason.ENGINE_FAILED, event.reason)
            return False
        if self._patience is not None:
            self._patience.heard(event)
        if isinstance(event, TranscriptFinal) and self._batch is None and self._fallback is not None:
            self._fallback.noticed(None)
        self._deliver(event)
        return True

    def _stop_stream(self) -> asyncio.Task[None] | None:
        """Nobody listens from here on; returns the task that did, which has still to clean up."""
        task, self._task = self._task, None
        self._generation += 1
        self._stream = self._batch = None
        self._waiting = WaitingAudio()
        patience, self._patience = self._patience, None
        if patience is not None:
            self._wait_at_the_end(patience.close())
        return task

    def _let_end(self, task: asyncio.Task[None] | None) -> None:
        """Beside the call: a provider that hangs while it hangs up holds up nobody."""
        if task is not None and not task.done():
            if task is not asyncio.current_task():
                task.cancel()
            self._wait_at_the_end(task)

    def _wait_at_the_end(self, task: asyncio.Task[None] | None) -> None:
        if task is not None and not task.done():
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    # --- What is known of the audio -----------------------------------------------------------------------------------

    def _hand_over(self, stream: TranscriberStream, pcm: bytes, received_s: float) -> None:
        stream.push(pcm)
        self._metrics.add("hand_over", (time.perf_counter() - received_s) * 1000)

    def _keep(self, pcm: bytes) -> None:
        """In streaming: for the batch stream that may have to hear it, and for whoever doubts the engine."""
        if self._spool is None:
            return
        self._spool.push(pcm)
        if self.received_ms >= self._tidied_ms + TIDY_EVERY_MS:
            self._tidied_ms = self.received_ms
            self._spool.forget_before(min(self.needed_from_ms, self.received_ms - LAG_MS))
        if self._patience is not None:
            self._patience.audio(pcm, self.received_ms)
        if self._stream is not None and self._stream.dropped_ms:
            self._engine_failed(Reason.ENGINE_BEHIND, "the recogniser fell behind")

    def _unknown_from_ms(self, lag_ms: float) -> float:
        """Where audio begins that the engine, if it is so much behind, has not listened to."""
        missed_ms = self._patience.unheard_from_ms if self._patience is not None else None
        behind_ms = self.received_ms - max(lag_ms, self._waiting.ms)
        return behind_ms if missed_ms is None else min(behind_ms, missed_ms)

    def _unheard_from_ms(self) -> float:
        if self._utterance_began_ms is not None:
            began_ms = self._utterance_began_ms - PREROLL_MS
        else:
            began_ms = self._owed_from_ms if self._is_switching else self._unknown_from_ms(PREROLL_MS)
        return max(self._finished_ms, began_ms, 0.0)

    def _utterance_is_words(self, ended_ms: float) -> None:
        self._utterance_began_ms = self._finish_asked_ms = None
        self._finished_ms = max(self._finished_ms, ended_ms)
        if self._leaves_for is not None and self.mode == STREAMING:
            self._leave(self._leaves_for)

    def _too_slow(self, detail: str) -> None:
        self._engine_failed(Reason.ENGINE_SLOW, detail)

    def detection_lag_ms(self, event: SpeechPaused | SpeechStarted) -> float:
        """How much later than it happened the detector told us."""
        return min(max(0.0, self.received_ms - self._stream_began_ms - event.audio_ms), 2_000.0)

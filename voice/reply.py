"""Speaking: text through the speaker, cut into frames, sent no further ahead than the listener needs."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from voice.call_metrics import CallMetrics
from voice.dialog.effects import Say
from voice.dialog.events import EngineFailed, Event, SpeechSynthesized
from voice.ending import end_tasks
from voice.engines.types import EngineUnavailable, Speaker
from voice.outbox import Outgoing, ReplyChunk
from voice.playout import PlayoutClock
from voice.protocol import REPLY_RATE_HZ, SpeechEnd, SpeechStart

logger = logging.getLogger(__name__)

FRAME_MS = 60  # half the messages of 30 ms; what a barge-in throws away does not depend on it
FRAME_BYTES = REPLY_RATE_HZ * 2 * FRAME_MS // 1000
BYTES_PER_MS = REPLY_RATE_HZ * 2 // 1000
CHUNK_TIMEOUT_S = 5.0  # for the speaker's next piece, not for the listener
MAX_WAITING = 16


class Reply:
    """Speaks one response after the other; one task while there is something to say, none otherwise."""

    def __init__(
        self,
        speaker: Speaker,
        *,
        put: Callable[[Outgoing], None],
        deliver: Callable[[Event], None],
        clock: Callable[[], int],
        metrics: CallMetrics,
    ) -> None:
        self._speaker = speaker
        self._put = put
        self._deliver = deliver
        self._clock = clock
        self._metrics = metrics
        self._waiting: deque[Say] = deque()
        self._task: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()  # a report, a resume: look again how much may be sent
        self._playout = PlayoutClock()
        self.response: int | None = None  # the one being sent or still being listened to

    @property
    def is_heard(self) -> bool:
        """Is there audio the listener has not heard yet?"""
        if self.response is None:
            return False
        return self._is_sending or self._playout.played_ms(self._clock()) < self._playout.sent_ms

    @property
    def _is_sending(self) -> bool:
        return self._task is not None and not self._task.done()

    def say(self, effect: Say) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self._metrics.count("replies_dropped")
            self._waiting.popleft()
        self._waiting.append(effect)
        if not self._is_sending:
            self._task = asyncio.create_task(self._speak_waiting(), name="reply")

    def pause(self, response: int) -> None:
        if response == self.response:
            self._playout.pause(self._clock())

    def resume(self, response: int) -> None:
        if response == self.response:
            self._playout.resume(self._clock())
            self._moved.set()

    def stop(self, response: int) -> None:
        """Nothing more of the response is made or sent."""
        self._waiting = deque(waiting for waiting in self._waiting if waiting.response != response)
        if response != self.response:
            return
        self.response = None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._waiting:
            self._task = asyncio.create_task(self._speak_waiting(), name="reply")

    def reported(self, response: int, played_ms: int) -> None:
        if response == self.response:
            self._playout.reported(played_ms, self._clock())
            self._moved.set()

    async def close(self) -> None:
        self._waiting.clear()
        task, self._task = self._task, None
        await end_tasks(task)

    async def _speak_waiting(self) -> None:
        while self._waiting:
            effect = self._waiting.popleft()
            self.response = effect.response
            self._playout = PlayoutClock()
            self._put(SpeechStart(response=effect.response, text=effect.text, interruptible=effect.is_interruptible))
            try:
                total_ms = await self._send_speech(effect)
            except (EngineUnavailable, TimeoutError, ValueError) as error:
                self._metrics.count("speaker_failures")
                self._put(SpeechEnd(response=effect.response, total_ms=round(self._playout.sent_ms)))
                self._deliver(EngineFailed(at_ms=self._clock(), stage="speaker", reason=str(error) or "too slow"))
            else:
                self._put(SpeechEnd(response=effect.response, total_ms=total_ms))
                self._deliver(SpeechSynthesized(at_ms=self._clock(), response=effect.response, total_ms=total_ms))

    async def _send_speech(self, effect: Say) -> int:
        """Returns the length in milliseconds."""
        stream = self._speaker.speak(
            effect.spoken or effect.text, language=effect.language, sample_rate_hz=REPLY_RATE_HZ
        )
        pending, seq = bytearray(), 0
        try:
            while True:
                async with asyncio.timeout(CHUNK_TIMEOUT_S):
                    chunk = await anext(stream, None)
                if chunk is None:
                    break
                pending += chunk
                while len(pending) > FRAME_BYTES:  # one frame stays back: the last one is marked
                    await self._send_frame(effect.response, seq, bytes(pending[:FRAME_BYTES]), is_last=False)
                    del pending[:FRAME_BYTES]
                    seq += 1
        finally:
            close = getattr(stream, "aclose", None)
            if close is not None:
                await close()
        await self._send_frame(effect.response, seq, bytes(pending), is_last=True)
        return round(self._playout.sent_ms)

    async def _send_frame(self, response: int, seq: int, pcm: bytes, *, is_last: bool) -> None:
        ms = len(pcm) / BYTES_PER_MS
        while (wait_ms := self._playout.wait_ms(ms, self._clock())) != 0:
            self._moved.clear()
            try:
                async with asyncio.timeout(None if wait_ms is None else wait_ms / 1000):
                    await self._moved.wait()
            except TimeoutError:
                continue
        self._put(ReplyChunk(response, seq, pcm, is_last))
        self._playout.sent(ms, self._clock())
        self._metrics.depth("lead_ms", round(self._playout.sent_ms - self._playout.played_ms(self._clock())))

"""One caller's ears on the server side: bounded queues around messages to and from a worker process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

from voice.dialog.events import (
    EngineFailed,
    Hypothesis,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    TranscriptFinal,
    TranscriptInterim,
)
from voice.engines.embedded.messages import (
    Audio,
    CloseStream,
    Consumed,
    Failed,
    FinishUtterance,
    Report,
    Request,
    Utterance,
    Voice,
    Words,
)
from voice.engines.types import Clock, TranscriberEvent

IN_FLIGHT_MS: Final = 2_000  # sent and not yet reported as heard
WAITING_MS: Final = 8_000  # behind that, the oldest audio is dropped
FINAL_TIMEOUT_S: Final = 8.0
_VOICE: Final[dict[str, type[SpeechStarted | SpeechPaused | SpeechResumed]]] = {
    "started": SpeechStarted,
    "paused": SpeechPaused,
    "resumed": SpeechResumed,
}


class EmbeddedStream:
    """Feeds a worker no faster than it hears. Made by `EmbeddedTranscriber.open`."""

    def __init__(
        self,
        stream: int,
        *,
        sample_rate_hz: int,
        clock: Clock,
        send: Callable[[Request], bool],
        on_close: Callable[[], None],
    ) -> None:
        self.id = stream
        self._bytes_per_ms = sample_rate_hz * 2 // 1000
        self._clock = clock
        self._send = send
        self._on_close = on_close
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._in_flight_bytes = 0
        self._dropped_bytes = 0
        self._half_sample = b""
        self._deadline: asyncio.TimerHandle | None = None
        self._events: asyncio.Queue[TranscriberEvent | None] = asyncio.Queue()
        self._is_open = True

    @property
    def dropped_ms(self) -> int:
        return self._dropped_bytes // self._bytes_per_ms

    def push(self, pcm: bytes) -> None:
        if not self._is_open:
            return
        pcm = self._half_sample + pcm
        whole = len(pcm) & ~1
        self._half_sample = pcm[whole:]
        if not whole:
            return
        self._waiting.append(pcm[:whole])
        self._waiting_bytes += whole
        self._send_on()
        while self._waiting_bytes > WAITING_MS * self._bytes_per_ms:
            dropped = len(self._waiting.popleft())
            self._waiting_bytes -= dropped
            self._dropped_bytes += dropped

    def finish_utterance(self) -> None:
        """Audio still waiting is not part of the utterance's end any more: the turn is over now."""
        if not self._is_open:
            return
        self._send_on(everything=True)
        self._send(FinishUtterance(self.id))
        if self._deadline is None:
            self._expect_answer()

    async def events(self) -> AsyncIterator[TranscriberEvent]:
        while (event := await self._events.get()) is not None:
            yield event

    async def close(self) -> None:
        if self._is_open:
            self._send(CloseStream(self.id))
            self._end()

    def fail(self, reason: str) -> None:
        """Called by the transcriber when the worker is gone or refuses."""
        if self._is_open:
            self._send(CloseStream(self.id))
            self._events.put_nowait(EngineFailed(at_ms=self._clock(), stage="transcriber", reason=reason))
            self._end()

    def deliver(self, report: Report) -> None:
        """Called by the transcriber with each message of the worker about this stream; each is a sign of life."""
        if self._deadline is not None:
            self._expect_answer()
        match report:
            case Consumed(bytes_count=count):
                self._in_flight_bytes -= count
                self._send_on()
            case Voice(change=change, audio_ms=audio_ms):
                self._events.put_nowait(_VOICE[change](at_ms=self._clock(), audio_ms=audio_ms))
            case Words(text=text):
                self._events.put_nowait(TranscriptInterim(at_ms=self._clock(), text=text))
            case Utterance():
                self._deliver_final(report)
            case Failed(reason=reason):
                self.fail(reason)

    def _expect_answer(self) -> None:
        """Starts the deadline, or starts it again."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(
            FINAL_TIMEOUT_S, self.fail, "the recogniser does not answer"
        )

    def _deliver_final(self, report: Utterance) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        hypotheses = tuple(Hypothesis(guess.text, guess.score, guess.confidence) for guess in report.guesses)
        self._events.put_nowait(
            TranscriptFinal(
                at_ms=self._clock(),
                hypotheses=hypotheses,
                started_audio_ms=report.started_audio_ms,
                ended_audio_ms=report.ended_audio_ms,
            )
        )

    def _send_on(self, *, everything: bool = False) -> None:
        limit = IN_FLIGHT_MS * self._bytes_per_ms
        while self._waiting and (everything or self._in_flight_bytes < limit):
            pcm = self._waiting.popleft()
            self._waiting_bytes -= len(pcm)
            self._in_flight_bytes += len(pcm)
            self._send(Audio(self.id, pcm))

    def _end(self) -> None:
        self._is_open = False
        self._waiting.clear()
        self._waiting_bytes = 0
        if self._deadline is not None:
            self._deadline.cancel()
        self._events.put_nowait(None)
        self._on_close()

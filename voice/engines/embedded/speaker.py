"""The Speaker of the embedded engine: one worker process with libespeak-ng for a whole server."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from typing import Final

from voice.engines.embedded.espeak import MAX_TEXT_CHARS
from voice.engines.embedded.messages import Failed, Report, Speak, SpeechAudio, SpeechEnded, StopSpeaking
from voice.engines.embedded.process import WorkerProcess
from voice.engines.types import Capabilities, EngineStatus, EngineUnavailable

RATES_HZ: Final = range(8_000, 48_001)
ANSWER_TIMEOUT_S: Final = 5.0


class EmbeddedSpeaker:
    """Speaks texts in turn; first audio within milliseconds. Used on one event loop.

    A text is made ~600 times faster than it sounds, so its queue holds it whole: at most MAX_TEXT_CHARS, ~2 minutes.
    """

    capabilities = Capabilities(
        name="embedded", languages=("en", "es"), sample_rate_hz=22_050, has_interim=False, is_open_dictation=True
    )

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._queues: dict[int, asyncio.Queue[Report]] = {}
        self._worker = WorkerProcess("speak", on_report=self._deliver, on_death=self._fail_all)

    def start(self) -> None:
        """Starts the process ahead of the first text; on the running loop."""
        self._worker.start()

    def status(self) -> EngineStatus:
        return EngineStatus("embedded speaker", self._worker.is_ready, "" if self._worker.is_ready else "starting")

    async def speak(self, text: str, *, language: str, sample_rate_hz: int) -> AsyncIterator[bytes]:
        if len(text) > MAX_TEXT_CHARS:
            raise ValueError(f"text of {len(text)} characters; at most {MAX_TEXT_CHARS} are spoken at once")
        if sample_rate_hz not in RATES_HZ:
            raise ValueError(f"{sample_rate_hz} Hz; speech is made at {RATES_HZ.start} to {RATES_HZ.stop - 1} Hz")
        if not await self._worker.wait_ready():
            raise EngineUnavailable("the speech process does not start")
        stream = next(self._ids)
        queue = self._queues[stream] = asyncio.Queue()
        is_whole = False
        try:
            speakable = text.encode("utf-8", "replace").decode()  # lone surrogates have no place in a message
            self._worker.send(Speak(stream, speakable, language, sample_rate_hz))
            while True:
                match await asyncio.wait_for(queue.get(), ANSWER_TIMEOUT_S):
                    case SpeechAudio(pcm=pcm):
                        yield pcm
                    case Failed(reason=reason, code=code):
                        is_whole = True
                        raise ValueError(reason) if code == "text" else EngineUnavailable(reason)
                    case _:
                        is_whole = True
                        return
        except TimeoutError as error:
            raise EngineUnavailable("the speech process does not answer") from error
        finally:
            del self._queues[stream]
            if not is_whole:
                self._worker.send(StopSpeaking(stream))

    async def close(self) -> None:
        await self._worker.close()
        self._fail_all()

    def _deliver(self, report: Report) -> None:
        if isinstance(report, SpeechAudio | SpeechEnded | Failed) and (queue := self._queues.get(report.stream)):
            queue.put_nowait(report)

    def _fail_all(self) -> None:
        for stream, queue in self._queues.items():
            queue.put_nowait(Failed(stream, "the speech process stopped"))

"""The server's side of a recogniser stream: what it sends on, what it holds back, what it drops."""

from __future__ import annotations

import asyncio

import pytest

from voice.dialog.events import (
    EngineFailed,
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
    Guess,
    Request,
    Utterance,
    Voice,
    Words,
)
from voice.engines.embedded.stream import IN_FLIGHT_MS, WAITING_MS, EmbeddedStream
from voice.engines.types import TranscriberEvent

RATE_HZ = 16_000
MS = RATE_HZ * 2 // 1000
FRAME = bytes(20 * MS)


class Worker:
    """Collects what would go to the process."""

    def __init__(self) -> None:
        self.sent: list[Request] = []
        self.closed = 0
        self.stream = EmbeddedStream(
            7, sample_rate_hz=RATE_HZ, clock=lambda: 1_234, send=self.take, on_close=self.forget
        )

    def take(self, request: Request) -> bool:
        self.sent.append(request)
        return True

    def forget(self) -> None:
        self.closed += 1

    @property
    def audio_bytes(self) -> int:
        return sum(len(request.pcm) for request in self.sent if isinstance(request, Audio))

    async def events(self) -> list[TranscriberEvent]:
        await self.stream.close()
        return [event async for event in self.stream.events()]


@pytest.fixture
async def worker() -> Worker:
    return Worker()


async def test_audio_is_sent_on_as_it_comes(worker: Worker) -> None:
    worker.stream.push(FRAME)
    assert worker.sent == [Audio(7, FRAME)]
    assert worker.stream.dropped_ms == 0


async def test_a_worker_that_is_behind_is_fed_only_as_it_hears(worker: Worker) -> None:
    for _ in range(IN_FLIGHT_MS // 20 + 50):
        worker.stream.push(FRAME)
    assert worker.audio_bytes == IN_FLIGHT_MS * MS
    worker.stream.deliver(Consumed(7, 10 * len(FRAME)))
    assert worker.audio_bytes == IN_FLIGHT_MS * MS + 10 * len(FRAME)


async def test_when_it_is_too_far_behind_the_oldest_audio_goes_and_is_counted(worker: Worker) -> None:
    for number in range((IN_FLIGHT_MS + WAITING_MS) // 20 + 25):
        worker.stream.push(number.to_bytes(2, "little") * (len(FRAME) // 2))
    assert worker.stream.dropped_ms == 500
    worker.stream.deliver(Consumed(7, len(FRAME)))
    newest = worker.sent[-1]
    assert isinstance(newest, Audio)
    assert int.from_bytes(newest.pcm[:2], "little") == IN_FLIGHT_MS // 20 + 25


async def test_the_end_of_a_turn_takes_all_waiting_audio_along(worker: Worker) -> None:
    for _ in range(IN_FLIGHT_MS // 20 + 50):
        worker.stream.push(FRAME)
    worker.stream.finish_utterance()
    assert worker.audio_bytes == IN_FLIGHT_MS * MS + 50 * len(FRAME)
    assert worker.sent[-1] == FinishUtterance(7)


async def test_half_samples_are_joined_to_the_next_chunk(worker: Worker) -> None:
    for chunk in (b"", b"\x01", b"\x02\x03", b"\x04"):
        worker.stream.push(chunk)
    assert b"".join(request.pcm for request in worker.sent if isinstance(request, Audio)) == b"\x01\x02\x03\x04"


async def test_what_the_worker_reports_becomes_events_of_the_call(worker: Worker) -> None:
    for report in (
        Voice(7, "started", 480),
        Words(7, "two"),
        Voice(7, "paused", 900),
        Voice(7, "resumed", 1_200),
        Utterance(7, (Guess("two cokes", -10.0, 0.7), Guess("to coax", -11.0)), 480, 1_500),
    ):
        worker.stream.deliver(report)
    started, words, paused, resumed, final = await worker.events()
    assert started == SpeechStarted(at_ms=1_234, audio_ms=480)
    assert words == TranscriptInterim(at_ms=1_234, text="two")
    assert (type(paused), type(resumed)) == (SpeechPaused, SpeechResumed)
    assert isinstance(final, TranscriptFinal)
    assert [hypothesis.text for hypothesis in final.hypotheses] == ["two cokes", "to coax"]
    assert final.hypotheses[0].confidence == 0.7
    assert (final.started_audio_ms, final.ended_audio_ms) == (480, 1_500)


async def test_a_failure_is_told_once_and_ends_the_stream(worker: Worker) -> None:
    worker.stream.deliver(Failed(7, "its model is damaged", "model"))
    worker.stream.fail("the recogniser stopped")
    worker.stream.push(FRAME)
    worker.stream.finish_utterance()
    assert await worker.events() == [EngineFailed(at_ms=1_234, stage="transcriber", reason="its model is damaged")]
    assert worker.closed == 1
    assert worker.sent == [CloseStream(7)]


async def test_a_worker_that_never_answers_is_a_failure(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.engines.embedded.stream.FINAL_TIMEOUT_S", 0.0)
    worker.stream.finish_utterance()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    (event,) = await worker.events()
    assert isinstance(event, EngineFailed)
    assert "does not answer" in event.reason


async def test_closing_twice_is_fine(worker: Worker) -> None:
    await worker.stream.close()
    await worker.stream.close()
    assert worker.sent == [CloseStream(7)]
    assert worker.closed == 1


async def test_every_sign_of_life_gives_the_worker_more_time(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.engines.embedded.stream.FINAL_TIMEOUT_S", 60.0)
    worker.stream.finish_utterance()
    first = worker.stream._deadline
    worker.stream.deliver(Consumed(7, 0))
    assert first is not None
    assert first.cancelled()
    worker.stream.deliver(Utterance(7, (), 0, 0))
    assert worker.stream._deadline is None
    assert len(await worker.events()) == 1

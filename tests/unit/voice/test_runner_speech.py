"""Replies: paced to the listener, stopped at once, never stale."""

from __future__ import annotations

import asyncio
import math

from tests.unit.voice.call_parts import SteadySpeaker, TestCall, make_call
from tests.virtual_time import run_virtual
from voice.dialog.effects import PausePlayout, ResumePlayout, Say, StopPlayout
from voice.dialog.events import (
    EngineFailed,
    PlayoutAcked,
    SpeechResumed,
    SpeechStarted,
    SpeechSynthesized,
    StopTapped,
    UtteranceTyped,
)
from voice.outbox import ReplyChunk
from voice.playout import MAX_LEAD_MS
from voice.protocol import SpeechClear, SpeechEnd, SpeechPause, SpeechResume, SpeechStart
from voice.reply import FRAME_MS

ANSWERS = {
    UtteranceTyped: lambda event: [Say(response=int(event.text), text="Two tacos.", language="en")],
    SpeechStarted: lambda _: [PausePlayout(response=1)],
    SpeechResumed: lambda _: [ResumePlayout(response=1)],
    StopTapped: lambda _: [StopPlayout(response=1)],
}


def audio_ms(one: TestCall, response: int = 1) -> float:
    return sum(len(chunk.pcm) for chunk in one.edge.chunks if chunk.response == response) / 48


async def play(one: TestCall, response: int, *, until_ms: int, behind_ms: int = 60) -> None:
    """A listener who plays what it gets, `behind_ms` late, and reports every 100 ms."""
    began = asyncio.get_running_loop().time()
    while (now_ms := (asyncio.get_running_loop().time() - began) * 1000) < until_ms:
        await asyncio.sleep(0.1)
        played = min(max(0, round(now_ms + 100 - behind_ms)), round(audio_ms(one, response)))
        one.runner.push(PlayoutAcked(response=response, played_ms=played))


def test_a_reply_is_announced_sent_in_order_and_ended() -> None:
    async def call() -> None:
        one = make_call(ANSWERS)
        one.runner.start()
        one.runner.push(UtteranceTyped(text="1"))
        await asyncio.sleep(5)
        assert isinstance(one.edge.sent[0], SpeechStart)
        assert [chunk.seq for chunk in one.edge.chunks] == list(range(math.ceil(2_000 / FRAME_MS)))
        assert [chunk.is_last for chunk in one.edge.chunks][-2:] == [False, True]
        assert audio_ms(one) == 2_000
        assert one.edge.sent[-1] == SpeechEnd(response=1, total_ms=2_000)
        assert one.session.seen(SpeechSynthesized)[0].total_ms == 2_000
        await one.runner.stop()

    run_virtual(call())


def test_audio_never_runs_further_ahead_of_the_listener_than_allowed() -> None:
    async def call() -> None:
        one = make_call(ANSWERS)
        one.runner.start()
        one.runner.push(UtteranceTyped(text="1"))
        await one.settle()
        assert MAX_LEAD_MS - FRAME_MS < audio_ms(one) <= MAX_LEAD_MS
        await play(one, 1, until_ms=3_000)
        assert audio_ms(one) == 2_000
        assert one.runner.metrics.high_water["lead_ms"] <= MAX_LEAD_MS
        await one.runner.stop()

    run_virtual(call())


def test_a_listener_who_stalls_stops_the_sending() -> None:
    async def call() -> None:
        one = make_call(ANSWERS, speaker=SteadySpeaker(10_000))
        one.runner.start()
        one.runner.push(UtteranceTyped(text="1"))
        await play(one, 1, until_ms=500)
        await asyncio.sleep(20)
        assert audio_ms(one) < 500 + 1_000 + MAX_LEAD_MS + 100
        await one.runner.stop()

    run_virtual(call())


def test_stop_is_instant_and_no_chunk_of_the_response_follows_the_clear() -> None:
    async def call() -> None:
        one = make_call(ANSWERS)
        one.runner.start()
        one.runner.push(UtteranceTyped(text="1"))
        await asyncio.sleep(0.5)
        one.runner.push(StopTapped())
        await asyncio.sleep(3)
        at = one.edge.sent.index(SpeechClear(response=1))
        assert not [item for item in one.edge.sent[at:] if isinstance(item, ReplyChunk)]
        assert one.edge.sent_at_ms[at] == 500
        assert one.speaker.open_streams == 0, "the speaker stops working too"
        await one.runner.stop()

    run_virtual(call())


def test_chunks_that_wait_for_a_slow_socket_are_taken_back_by_a_stop() -> None:
    async def call() -> None:
        one = make_call(ANSWERS)
        one.edge.write_s = 0.2
        one.runner.start()
        one.runner.push(UtteranceTyped(text="1"))
        await asyncio.sleep(0.5)
        before = len(one.edge.chunks)
        one.runner.push(StopTapped())
        await asyncio.sleep(3)
        assert len(one.edge.chunks) <= before + 1, "only the chunk already being written may still arrive"
        assert isinstance(one.edge.sent[-1], SpeechClear)
        assert one.runner.metrics.counters["unsent_chunks_dropped"] > 0
        await one.runner.stop()

    run_virtual(call())


def test_a_pause_holds_the_reply_and_a_resume_goes_on_without_loss() -> None:
    async def call() -> None:
        one = make_call(ANSWERS)
        one.runner.start()
        one.runner.push(UtteranceTyped(text="1"))
        await asyncio.sleep(0.4)
        one.runner.push(SpeechStarted())
        await one.settle()
        held = audio_ms(one)
        await asyncio.sleep(5)
        assert audio_ms(one) == held
        one.runner.push(SpeechResumed())
        await asyncio.sleep(5)
        assert audio_ms(one) == 2_000
        kinds = [type(item) for item in one.edge.sent if not isinstance(item, ReplyChunk)]
        assert kinds == [SpeechStart, SpeechPause, SpeechResume, SpeechEnd]
        assert one.runner.metrics.histograms["barge_in"].count == 1
        await one.runner.stop()

    run_virtual(call())


def test_replies_come_one_after_the_other_and_stopping_one_lets_the_next_speak() -> None:
    async def call() -> None:
        one = make_call(ANSWERS)
        one.runner.start()
        one.runner.push(UtteranceTyped(text="1"))
        one.runner.push(UtteranceTyped(text="2"))
        await asyncio.sleep(0.5)
        assert {chunk.response for chunk in one.edge.chunks} == {1}
        one.runner.push(StopTapped())
        await asyncio.sleep(5)
        assert audio_ms(one, 2) == 2_000
        await one.runner.stop()

    run_virtual(call())


class SlowSpeaker(SteadySpeaker):
    async def speak(self, text, *, language, sample_rate_hz):  # type: ignore[no-untyped-def]  # as its parent
        await asyncio.sleep(60)
        yield b""


def test_a_speaker_that_says_nothing_is_an_engine_failure_and_the_words_stay_on_screen() -> None:
    async def call() -> None:
        one = make_call(ANSWERS, speaker=SlowSpeaker())
        one.runner.start()
        one.runner.push(UtteranceTyped(text="1"))
        await asyncio.sleep(10)
        [failed] = one.session.seen(EngineFailed)
        assert failed.stage == "speaker"
        assert [type(item) for item in one.edge.sent] == [SpeechStart, SpeechEnd]
        await one.runner.stop()

    run_virtual(call())


def test_a_customer_who_does_not_read_is_lost_and_holds_up_nobody() -> None:
    async def call() -> None:
        one = make_call(ANSWERS)
        one.edge.write_s = 60.0
        one.runner.start()
        one.runner.push(UtteranceTyped(text="1"))
        await asyncio.sleep(6)
        assert one.edge.lost_for[0] == "send timed out"
        await one.runner.stop()

    run_virtual(call())

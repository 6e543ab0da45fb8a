"""Frames in batch: utterances found, stored whole and in order, their words in order, and what fails in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.unit.voice.batch_parts import FRAME_MS, SILENCE, TONE, Desk, batch_stream, inline
from tests.virtual_time import run_virtual
from voice.audio.speech import energy_probability
from voice.batch.stream import BatchStream, holds_voice
from voice.dialog.events import EngineFailed, SpeechPaused, SpeechResumed, SpeechStarted, TranscriptFinal


class Listener:
    def __init__(self, stream: BatchStream) -> None:
        self.stream = stream
        self.events: list[Any] = []
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in self.stream.events():
            self.events.append(event)

    async def hear(self, pcm: bytes, ms: int) -> None:
        for _ in range(ms // FRAME_MS):
            self.stream.push(pcm)
            await asyncio.sleep(FRAME_MS / 1000)

    async def say(self, ms: int = 600, *, silence_ms: int = 800) -> None:
        await self.hear(TONE, ms)
        await self.hear(SILENCE, silence_ms)
        self.stream.finish_utterance()

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def words(self) -> list[str]:
        return [final.hypotheses[0].text if final.hypotheses else "" for final in self.of(TranscriptFinal)]

    async def end(self) -> None:
        await self.stream.close()
        await self._task


def listen(play: Callable[[Listener], Awaitable[None]], desk: Desk, **parts: Any) -> None:
    async def run() -> None:
        listener = Listener(batch_stream(desk, **parts))
        try:
            await play(listener)
        finally:
            await listener.end()

    run_virtual(run())


def test_an_utterance_is_stored_whole_and_its_words_are_a_final() -> None:
    desk = Desk(["two tacos"])

    async def play(one: Listener) -> None:
        await one.hear(SILENCE, 3_000)
        await one.say()
        await asyncio.sleep(2)
        assert [type(event) for event in one.events] == [SpeechStarted, SpeechPaused, TranscriptFinal]
        final = one.of(TranscriptFinal)[0]
        assert (one.words, final.recording) == (["two tacos"], "r1")
        assert final.started_audio_ms == pytest.approx(2_500, abs=60)
        assert final.ended_audio_ms == pytest.approx(4_400, abs=60)
        assert desk.voice_ms() == 600

    listen(play, desk)


def test_silence_is_stored_nowhere_and_its_final_is_empty() -> None:
    desk = Desk(["never"])

    async def play(one: Listener) -> None:
        await one.hear(SILENCE, 1_000)
        one.stream.finish_utterance()
        await asyncio.sleep(1)
        assert one.words == [""]
        assert not desk.handed_in

    listen(play, desk)


def test_words_come_in_the_order_they_were_spoken() -> None:
    class Uneven(Desk):
        async def words(self, recording: str) -> tuple[Any, ...]:
            self.words_s = 5.0 if recording == "r1" else 0.1
            return await super().words(recording)

    async def play(one: Listener) -> None:
        await one.say()
        await one.say()
        one.stream.finish_utterance()
        await asyncio.sleep(8)
        assert one.words == ["first", "second", ""]

    listen(play, Uneven(["first", "second"]))


def test_what_is_stored_or_silence_is_not_needed_again_and_the_rest_is() -> None:
    desk = Desk(["x"], store_s=1.0)

    async def play(one: Listener) -> None:
        await one.hear(SILENCE, 2_000)
        assert one.stream.needed_from_ms == pytest.approx(1_500, abs=60)
        await one.hear(TONE, 600)
        assert one.stream.needed_from_ms == pytest.approx(1_500, abs=60)
        await one.hear(SILENCE, 800)
        one.stream.finish_utterance()
        await asyncio.sleep(0.5)
        assert one.stream.needed_from_ms == pytest.approx(1_500, abs=60), "it is not stored yet"
        await one.stream.settle()
        assert one.stream.needed_from_ms == pytest.approx(2_900, abs=60)

    listen(play, desk)


def test_an_adopted_utterance_goes_on_as_if_it_had_begun_here() -> None:
    desk = Desk(["two tacos"])

    async def play(one: Listener) -> None:
        one.stream.adopt(SILENCE * 5 + TONE * 20, is_finished=False)
        await one.hear(TONE, 200)
        await one.hear(SILENCE, 800)
        one.stream.finish_utterance()
        await asyncio.sleep(2)
        assert [type(event) for event in one.events] == [SpeechResumed, SpeechPaused, TranscriptFinal]
        assert desk.voice_ms() == 600

    listen(play, desk)


def test_an_adopted_utterance_that_was_over_is_only_heard() -> None:
    desk = Desk(["two tacos"])

    async def play(one: Listener) -> None:
        one.stream.adopt(TONE * 20 + SILENCE * 30 + TONE * 10, is_finished=True)
        one.stream.finish_utterance()
        await asyncio.sleep(2)
        assert [type(event) for event in one.events] == [TranscriptFinal]

    listen(play, desk)


@pytest.mark.parametrize("desk", [Desk(["x"], words_s=100.0), Desk(["x"], store_s=100.0), Desk(fails="dead letter")])
def test_words_that_will_not_come_end_the_stream(desk: Desk) -> None:
    async def play(one: Listener) -> None:
        await one.say()
        await asyncio.sleep(12)
        assert [type(event) for event in one.events][-1] is EngineFailed
        await one.say()
        await asyncio.sleep(12)
        assert len(one.of(EngineFailed)) == 1

    listen(play, desk, deadline_s=10.0)


def test_a_minute_without_a_pause_keeps_its_newest_part() -> None:
    desk = Desk(["x"])

    async def play(one: Listener) -> None:
        await one.hear(TONE, 70_000)
        one.stream.finish_utterance()
        await asyncio.sleep(2)
        assert desk.voice_ms() == pytest.approx(60_000, rel=0.01)
        assert one.stream.dropped_ms >= 9_000

    listen(play, desk)


def test_a_voice_is_told_from_silence() -> None:
    async def look() -> None:
        for pcm, is_voice in ((SILENCE * 5 + TONE * 20, True), (SILENCE * 50, False)):
            assert await holds_voice(pcm, 16_000, probability=energy_probability, run=inline) is is_voice

    run_virtual(look())

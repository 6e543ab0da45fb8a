"""The scripted engine is what tests and load benchmarks lean on: it must keep the engine's promises."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from tests.unit.voice.engines.small_menu import MENU
from voice.audio.formats import pcm16_to_samples, samples_to_pcm16
from voice.dialog.events import (
    EngineFailed,
    SpeechPaused,
    SpeechStarted,
    TranscriptFinal,
    TranscriptInterim,
)
from voice.engines.scripted import Fault, ScriptedSpeaker, ScriptedStream, ScriptedTranscriber, ScriptedUtterance
from voice.engines.types import EngineUnavailable, TranscriberEvent

RATE_HZ = 24_000


def tone(ms: int) -> bytes:
    times = np.arange(RATE_HZ * ms // 1000) / RATE_HZ
    return samples_to_pcm16((0.3 * np.sin(2 * np.pi * 300 * times)).astype(np.float32))


def quiet(ms: int) -> bytes:
    return bytes(RATE_HZ * ms // 1000 * 2)


async def opened(transcriber: ScriptedTranscriber) -> ScriptedStream:
    return await transcriber.open(menu=MENU, language="en", sample_rate_hz=RATE_HZ, clock=lambda: 5, tenant="1")


async def events(stream: ScriptedStream) -> list[TranscriberEvent]:
    await stream.close()
    return [event async for event in stream.events()]


def finals(found: Sequence[TranscriberEvent]) -> list[str]:
    return [
        event.hypotheses[0].text if event.hypotheses else "" for event in found if isinstance(event, TranscriptFinal)
    ]


async def test_a_turn_is_start_words_pause_and_final_in_that_order() -> None:
    stream = await opened(ScriptedTranscriber(["two large cokes"]))
    stream.push(quiet(300) + tone(700) + quiet(400))
    stream.finish_utterance()
    found = await events(stream)
    assert isinstance(found[0], SpeechStarted)
    assert found[0].audio_ms == pytest.approx(300, abs=40)
    assert [event.text for event in found if isinstance(event, TranscriptInterim)][-1] == "two large cokes"
    assert isinstance(found[-2], SpeechPaused)
    assert finals(found) == ["two large cokes"]


async def test_turns_go_through_the_script_and_silence_is_no_turn() -> None:
    stream = await opened(ScriptedTranscriber(["one", ScriptedUtterance(("two", "too"))]))
    for part in (tone(300), quiet(300), tone(300), tone(300)):
        stream.push(part)
        stream.finish_utterance()
    assert finals(await events(stream)) == ["one", "", "two", "one"]


async def test_it_can_fail_where_a_test_wants_it_to() -> None:
    stream = await opened(ScriptedTranscriber([ScriptedUtterance(("x",), fails="power cut")]))
    stream.push(tone(300))
    stream.finish_utterance()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    found = [event async for event in stream.events()]
    assert found[-1] == EngineFailed(at_ms=5, stage="transcriber", reason="power cut")
    with pytest.raises(EngineUnavailable, match="full"):
        await opened(ScriptedTranscriber(refuses="full"))


async def test_delays_run_on_the_given_clock() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    stream = await opened(ScriptedTranscriber([ScriptedUtterance(("late",), final_delay_ms=400)], sleep=sleep))
    stream.push(tone(300))
    stream.finish_utterance()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert slept == [0.4]
    assert finals(await events(stream)) == ["late"]


async def test_bad_audio_is_survived() -> None:
    stream = await opened(ScriptedTranscriber())
    for pcm in (b"", b"\x01", b"\xff" * 4_801):
        stream.push(pcm)
    await stream.close()
    await stream.close()
    stream.push(tone(100))
    stream.finish_utterance()


async def test_the_speaker_is_audible_and_as_long_as_the_text() -> None:
    speaker = ScriptedSpeaker(ms_per_char=50)
    pcm = b"".join([chunk async for chunk in speaker.speak("hello there", language="en", sample_rate_hz=RATE_HZ)])
    assert len(pcm) / 2 / RATE_HZ == pytest.approx(0.55, abs=0.1)
    assert np.abs(pcm16_to_samples(pcm)).max() > 0.1
    assert speaker.spoken == ["hello there"]


def test_an_empty_script_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        ScriptedTranscriber([])


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_stream_goes_wrong_as_it_is_told(fault: Fault) -> None:
    kinds: list[type] = []
    try:
        stream = await opened(ScriptedTranscriber(["two large cokes"], fault=fault))
    except EngineUnavailable:
        kinds = [EngineUnavailable]
    else:
        for _ in range(30):
            stream.push(tone(20))
        stream.finish_utterance()
        kinds = [type(event) for event in await events(stream)]
    assert {
        Fault.NONE: TranscriptFinal in kinds,
        Fault.REFUSES: kinds == [EngineUnavailable],
        Fault.SILENT: not kinds,
        Fault.DIES: kinds[-1:] == [EngineFailed] and TranscriptInterim in kinds,
        Fault.GARBAGE: dict in kinds,
        Fault.SLOW: kinds == [SpeechStarted],
    }[fault]

"""The embedded engine as calls use it: real worker processes, audio made by its own voice while the test runs."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from restaurants.menu import Menu
from tests.unit.voice.engines.small_menu import MENU
from voice.audio.formats import mulaw_to_pcm16, pcm16_to_mulaw, pcm16_to_samples
from voice.dialog.events import (
    EngineFailed,
    SpeechPaused,
    SpeechStarted,
    TranscriptFinal,
    TranscriptInterim,
)
from voice.engines.embedded.model import build_recogniser_model
from voice.engines.embedded.speaker import EmbeddedSpeaker
from voice.engines.embedded.stream import EmbeddedStream
from voice.engines.embedded.transcriber import EmbeddedTranscriber
from voice.engines.types import EngineUnavailable, TranscriberEvent

RATE_HZ = 16_000
FRAME_MS = 20


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recogniser")
    build_recogniser_model(MENU, "en", folder)
    return folder


@pytest.fixture
async def transcriber(cache: Path) -> AsyncIterator[EmbeddedTranscriber]:
    engine = EmbeddedTranscriber(cache_dir=cache, workers=1)
    yield engine
    await engine.close()


@pytest.fixture
async def speaker() -> AsyncIterator[EmbeddedSpeaker]:
    engine = EmbeddedSpeaker()
    yield engine
    await engine.close()


def silence(ms: int, rate_hz: int = RATE_HZ) -> bytes:
    return bytes(rate_hz * ms // 1000 * 2)


async def spoken(speaker: EmbeddedSpeaker, text: str, *, rate_hz: int = RATE_HZ) -> bytes:
    """A person's sentence, with the quiet around it."""
    pcm = b"".join([chunk async for chunk in speaker.speak(text, language="en", sample_rate_hz=rate_hz)])
    return silence(600, rate_hz) + pcm + silence(500, rate_hz)


@dataclass
class Listening:
    """A stream and everything it has said so far."""

    stream: EmbeddedStream
    events: list[TranscriberEvent] = field(default_factory=list)

    async def until(self, happened: Callable[[TranscriberEvent], bool], timeout_s: float = 30.0) -> TranscriberEvent:
        deadline = time.monotonic() + timeout_s
        while not any(map(happened, self.events)):
            assert time.monotonic() < deadline, self.events
            await asyncio.sleep(0.01)
        return next(event for event in self.events if happened(event))

    async def final(self, number: int = 1) -> TranscriptFinal:
        self.stream.finish_utterance()
        await self.until(lambda _: len(self.finals) >= number)
        return self.finals[number - 1]

    @property
    def finals(self) -> list[TranscriptFinal]:
        return [event for event in self.events if isinstance(event, TranscriptFinal)]

    def push(self, pcm: bytes, rate_hz: int = RATE_HZ) -> None:
        step = rate_hz * FRAME_MS // 1000 * 2
        for start in range(0, len(pcm), step):
            self.stream.push(pcm[start : start + step])


@asynccontextmanager
async def listening(
    transcriber: EmbeddedTranscriber, *, menu: Menu = MENU, rate_hz: int = RATE_HZ
) -> AsyncIterator[Listening]:
    began = time.monotonic()
    stream = await transcriber.open(
        menu=menu,
        language="en-US",
        sample_rate_hz=rate_hz,
        clock=lambda: round((time.monotonic() - began) * 1000),
        tenant="1",
    )
    heard = Listening(stream)

    async def collect() -> None:
        async for event in stream.events():
            heard.events.append(event)

    task = asyncio.create_task(collect())
    try:
        yield heard
    finally:
        await stream.close()
        await asyncio.wait_for(task, 5)


def words(final: TranscriptFinal) -> set[str]:
    return set(final.hypotheses[0].text.split()) if final.hypotheses else set()


async def test_an_order_is_heard_with_words_before_the_end(
    transcriber: EmbeddedTranscriber, speaker: EmbeddedSpeaker
) -> None:
    order = await spoken(speaker, "can i get two large pepperoni pizzas with no onions")
    async with listening(transcriber) as heard:
        heard.push(order)
        await heard.until(lambda event: isinstance(event, SpeechPaused))
        final = await heard.final()
    assert {"two", "large", "pepperoni", "no", "onions"} <= words(final)
    assert len({hypothesis.text for hypothesis in final.hypotheses}) == len(final.hypotheses) > 1
    assert final.started_audio_ms == pytest.approx(600, abs=150)
    assert final.started_audio_ms < final.ended_audio_ms < len(order) / 2 / RATE_HZ * 1000
    kinds = [type(event) for event in heard.events]
    assert kinds.index(SpeechStarted) < kinds.index(TranscriptInterim) < kinds.index(TranscriptFinal)


async def test_a_call_goes_on_turn_by_turn(transcriber: EmbeddedTranscriber, speaker: EmbeddedSpeaker) -> None:
    async with listening(transcriber) as heard:
        heard.push(await spoken(speaker, "one small cheese pizza please"))
        first = await heard.final(1)
        nothing = await heard.final(2)
        heard.push(await spoken(speaker, "actually make that three"))
        third = await heard.final(3)
    assert {"small", "cheese", "pizza"} <= words(first)
    assert nothing.hypotheses == ()
    assert {"make", "that", "three"} <= words(third)
    assert third.started_audio_ms > first.ended_audio_ms


@pytest.mark.parametrize("rate_hz", [8_000, 24_000, 48_000])
async def test_other_rates_are_heard_too(
    transcriber: EmbeddedTranscriber, speaker: EmbeddedSpeaker, rate_hz: int
) -> None:
    order = await spoken(speaker, "a large pepperoni pizza", rate_hz=rate_hz)
    if rate_hz == 8_000:
        order = mulaw_to_pcm16(pcm16_to_mulaw(order))  # a telephone
    async with listening(transcriber, rate_hz=rate_hz) as heard:
        heard.push(order, rate_hz)
        final = await heard.final()
    assert "large" in words(final) or "pizza" in words(final)
    assert final.started_audio_ms == pytest.approx(600, abs=150)


async def test_garbage_and_emptiness_hurt_nobody(transcriber: EmbeddedTranscriber, speaker: EmbeddedSpeaker) -> None:
    noise = np.random.default_rng(5).integers(-32768, 32767, RATE_HZ * 2).astype("<i2").tobytes()
    async with listening(transcriber) as bad, listening(transcriber) as good:
        for pcm in (b"", b"\x01", noise, b"RIFF\x00\x00" * 777, b"", silence(1_000)):
            bad.push(pcm)
            bad.stream.push(pcm)
        good.push(await spoken(speaker, "one large cheese pizza"))
        assert {"large", "cheese"} <= words(await good.final())
        await bad.final()
        bad.push(await spoken(speaker, "one large cheese pizza"))
        assert {"large", "cheese"} <= words(await bad.final(2))


async def test_a_very_long_turn_is_cut_into_segments_and_kept_whole(
    transcriber: EmbeddedTranscriber, speaker: EmbeddedSpeaker
) -> None:
    part = (await spoken(speaker, "one small cheese pizza with no mushrooms and a coke"))[len(silence(500)) :]
    async with listening(transcriber) as heard:
        for _ in range(6):
            heard.push(part)
            await asyncio.sleep(len(part) / 2 / RATE_HZ)  # as fast as people talk
        final = await heard.final()
    assert final.hypotheses[0].text.split().count("cheese") >= 4


async def test_a_killed_worker_fails_its_streams_and_another_one_takes_over(
    transcriber: EmbeddedTranscriber, speaker: EmbeddedSpeaker
) -> None:
    order = await spoken(speaker, "two large cheese pizzas")
    async with listening(transcriber) as lost:
        lost.push(order)
        await lost.until(lambda event: isinstance(event, SpeechStarted))
        (worker,) = recogniser_processes()
        os.kill(worker.pid, signal.SIGKILL)
        failed = await lost.until(lambda event: isinstance(event, EngineFailed))
        assert isinstance(failed, EngineFailed)
        assert failed.stage == "transcriber"
    async with listening(transcriber) as again:
        again.push(order)
        assert "cheese" in words(await again.final())


async def test_a_model_damaged_behind_our_back_is_a_failure_not_a_crash(
    speaker: EmbeddedSpeaker, tmp_path: Path
) -> None:
    menu = replace(MENU, name="Damaged")
    model = build_recogniser_model(menu, "en", tmp_path)
    engine = EmbeddedTranscriber(cache_dir=tmp_path, workers=1)
    engine.start()
    try:
        async with listening(engine, menu=menu) as heard:
            assert await engine._workers[0].process.wait_ready()
            damage(model.path / "orders.arpa")
            pid = recogniser_processes()[0].pid
            heard.push(await spoken(speaker, "one coke"))
            await asyncio.sleep(0.3)
            heard.push(await spoken(speaker, "one coke"))
            failed = await heard.until(lambda event: isinstance(event, EngineFailed))
        assert "model" in str(failed)
        async with listening(engine, menu=menu) as again:
            again.push(await spoken(speaker, "one large cheese pizza"))
            assert "large" in words(await again.final())
        assert recogniser_processes()[0].pid == pid
    finally:
        await engine.close()


def damage(file: Path) -> None:
    file.write_bytes(b"\\data\\\nngram 1=9999999\n")


async def test_models_are_made_by_a_process_of_their_own(cache: Path, tmp_path: Path) -> None:
    engine = EmbeddedTranscriber(cache_dir=tmp_path, workers=1)
    stalls = []

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            stalls.append(time.perf_counter() - before)

    watcher = asyncio.create_task(watch())
    try:
        engine.prewarm(MENU, "en")
        engine.prewarm(MENU, "en")
        async with listening(engine):
            pass
    finally:
        watcher.cancel()
        await engine.close()
    assert folders(tmp_path) == 1
    assert sorted(stalls)[len(stalls) * 9 // 10] < 0.2  # building is seconds of pure Python: not here


async def test_what_it_cannot_do_is_refused_with_a_reason(transcriber: EmbeddedTranscriber) -> None:
    for rate_hz, language, reason in ((4_000, "en", "4000 Hz"), (RATE_HZ, "tlh", "'tlh'")):
        with pytest.raises(EngineUnavailable, match=reason):
            await transcriber.open(menu=MENU, language=language, sample_rate_hz=rate_hz, clock=lambda: 0, tenant="1")


async def test_closing_ends_every_process(cache: Path) -> None:
    engine, voice = EmbeddedTranscriber(cache_dir=cache, workers=2), EmbeddedSpeaker()
    engine.start()
    async with listening(engine):
        await spoken(voice, "hello")
        assert recogniser_processes()
    await engine.close()
    await voice.close()
    await engine.close()
    assert recogniser_processes() == []


async def test_speech_streams_and_starts_at_once(speaker: EmbeddedSpeaker) -> None:
    await spoken(speaker, "warm up")
    began = time.perf_counter()
    chunks = speaker.speak("Two large pizzas and a lemonade. Is that everything?", language="en", sample_rate_hz=24_000)
    first = await anext(chunks)
    assert time.perf_counter() - began < 0.5
    rest = [chunk async for chunk in chunks]
    samples = pcm16_to_samples(first + b"".join(rest))
    assert 2.0 < samples.size / 24_000 < 6.0
    assert 0.05 < np.abs(samples).max() <= 1.0


@pytest.mark.parametrize(
    "text",
    [
        "<speak><break time='100s'/></speak>",
        "[[h@l'oU]]",
        "\x00\x07\x1b[2J",
        "\ud800",
        "💥" * 50,
        "",
        "…" * 500,
        "٣ " * 300,
    ],
)
async def test_hostile_text_is_only_text(speaker: EmbeddedSpeaker, text: str) -> None:
    pcm = b"".join([chunk async for chunk in speaker.speak(text, language="es", sample_rate_hz=16_000)])
    assert len(pcm) < 16_000 * 2 * 120
    assert await spoken(speaker, "still here")


async def test_texts_beyond_the_limit_are_refused(speaker: EmbeddedSpeaker) -> None:
    with pytest.raises(ValueError, match="at most 2000"):
        await anext(speaker.speak("a" * 2_001, language="en", sample_rate_hz=16_000))
    with pytest.raises(ValueError, match="1 Hz"):
        await anext(speaker.speak("a", language="en", sample_rate_hz=1))


async def test_an_abandoned_reply_is_not_made_to_its_end(speaker: EmbeddedSpeaker) -> None:
    long = speaker.speak("and another thing " * 100, language="en", sample_rate_hz=16_000)
    assert await anext(long)
    await long.aclose()
    began = time.perf_counter()
    assert await spoken(speaker, "next please")
    assert time.perf_counter() - began < 2.0


def folders(path: Path) -> int:
    return sum(entry.is_dir() for entry in path.iterdir())


def recogniser_processes() -> list[psutil.Process]:
    """This test's own worker processes."""
    return [
        process
        for process in psutil.Process().children()
        if process.status() != psutil.STATUS_ZOMBIE and "recognise" in process.cmdline()
    ]

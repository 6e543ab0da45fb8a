"""A whole recording through an engine made for streams: its pieces side by side, each a stream of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from restaurants.menu import Menu
from voice.audio.formats import Samples, samples_to_pcm16
from voice.audio.speech import SpeechProbability, energy_probability, silero_probability
from voice.batch.decode import RATE_HZ
from voice.batch.pieces import cut, join
from voice.dialog.events import EngineFailed, Hypothesis, TranscriptFinal
from voice.ending import end_tasks
from voice.engines.types import Engine, EngineUnavailable, Transcriber, TranscriberStream

AT_ONCE: Final = 4  # pieces of one recording; more would only crowd out other callers'
BLOCK_BYTES: Final = RATE_HZ * 2 // 5  # 200 ms
TAIL_S: Final = 0.3  # of quiet after the last word, as a microphone would have given
TAIL_LEVEL: Final = 1e-4  # exact silence is nothing a microphone gives
PIECE_TIMEOUT_S: Final = 45.0


async def hear(samples: Samples, engine: Engine, *, menu: Menu, language: str, tenant: str) -> tuple[Hypothesis, ...]:
    """What was said, best first; empty when nothing was.

    samples: float32, shape (n,), 16 kHz mono
    raises: EngineUnavailable
    """
    pieces = await asyncio.to_thread(_cut, samples, engine.name)
    turn = asyncio.Semaphore(AT_ONCE)

    async def hear_piece(piece: Samples) -> tuple[Hypothesis, ...]:
        async with turn:
            return await _hear_piece(piece, engine.transcriber, menu=menu, language=language, tenant=tenant)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(hear_piece(piece)) for piece in pieces]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return join([task.result() for task in tasks])


def _cut(samples: Samples, engine: str) -> list[Samples]:
    probability: SpeechProbability = energy_probability() if engine == "scripted" else silero_probability()
    return cut(samples, probability)


async def _hear_piece(
    piece: Samples, transcriber: Transcriber, *, menu: Menu, language: str, tenant: str
) -> tuple[Hypothesis, ...]:
    began = time.monotonic()
    try:
        async with asyncio.timeout(PIECE_TIMEOUT_S):
            stream = await transcriber.open(
                menu=menu,
                language=language,
                sample_rate_hz=RATE_HZ,
                clock=lambda: round((time.monotonic() - began) * 1000),
                tenant=tenant,
            )
            try:
                return await _listen(stream, _with_tail(piece))
            finally:
                await stream.close()
    except TimeoutError:
        raise EngineUnavailable("the recogniser does not answer") from None


async def _listen(stream: TranscriberStream, pcm: bytes) -> tuple[Hypothesis, ...]:
    finals: list[TranscriptFinal] = []
    is_over = asyncio.Event()  # the last word was given
    is_finished = False

    async def read() -> None:
        async for event in stream.events():
            if isinstance(event, EngineFailed):
                raise EngineUnavailable(event.reason)
            if isinstance(event, TranscriptFinal):
                finals.append(event)
                if is_finished:
                    is_over.set()
        raise EngineUnavailable("the recogniser ended early")

    reading = asyncio.create_task(read(), name="hear recording")
    waiting = asyncio.create_task(is_over.wait(), name="recording heard")
    try:
        for start in range(0, len(pcm), BLOCK_BYTES):
            stream.push(pcm[start : start + BLOCK_BYTES])
            await asyncio.sleep(0)
        is_finished = True
        stream.finish_utterance()
        await asyncio.wait([reading, waiting], return_when=asyncio.FIRST_COMPLETED)
        if not is_over.is_set():
            reading.result()
    finally:
        await end_tasks(reading, waiting)
    return join([final.hypotheses for final in finals])


def _with_tail(piece: Samples) -> bytes:
    hiss = np.random.default_rng(len(piece)).standard_normal(round(TAIL_S * RATE_HZ)).astype(np.float32)
    return samples_to_pcm16(np.concatenate((piece, hiss * np.float32(TAIL_LEVEL))))


def whole(pieces: Sequence[Samples]) -> Samples:
    """float32, shape (sum of n,); at most MAX_SECONDS of it, 38 MB."""
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)

"""What a call that falls back needs around it, on a virtual clock: a desk without a worker, a fallback to it."""

from __future__ import annotations

import asyncio
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from voice.audio.speech import energy_probability
from voice.batch.stream import BatchStream, holds_voice
from voice.dialog.events import Hypothesis
from voice.engines.types import EngineUnavailable
from voice.fallback import Fallback, Reason

T = TypeVar("T")
RATE_HZ = 16_000
FRAME_MS = 20
SAMPLES = RATE_HZ * FRAME_MS // 1000
TONE = b"".join(struct.pack("<h", round(12_000 * math.sin(2 * math.pi * 220 * n / RATE_HZ))) for n in range(SAMPLES))
SILENCE = bytes(len(TONE))


async def inline(work: Callable[[], T]) -> T:
    """Instead of a thread: virtual time knows none."""
    return work()


@dataclass
class Desk:
    """Every recording says the next line of the script, `words_s` after it was handed in."""

    script: list[str] = field(default_factory=list)
    words_s: float = 1.0
    store_s: float = 0.05
    fails: str = ""
    handed_in: list[bytes] = field(default_factory=list)

    async def hand_in(self, pcm: bytes, *, sample_rate_hz: int) -> str:
        await asyncio.sleep(self.store_s)
        self.handed_in.append(pcm)
        return f"r{len(self.handed_in)}"

    async def words(self, recording: str) -> tuple[Hypothesis, ...]:
        number = int(recording[1:])
        await asyncio.sleep(self.words_s)
        if self.fails:
            raise EngineUnavailable(self.fails)
        return (Hypothesis(self.script[(number - 1) % len(self.script)]),) if self.script else ()

    def voice_ms(self, number: int = -1) -> int:
        """How much voice there is in a recording; the tone is loud, everything else is nothing."""
        loud = np.count_nonzero(np.frombuffer(self.handed_in[number], dtype="<i2"))
        return round(loud / SAMPLES) * FRAME_MS


def batch_stream(desk: Desk, *, deadline_s: float = 45.0, clock: Callable[[], int] | None = None) -> BatchStream:
    loop = asyncio.get_running_loop()
    return BatchStream(
        desk,
        sample_rate_hz=RATE_HZ,
        clock=clock or (lambda: round(loop.time() * 1000)),
        probability=energy_probability,
        deadline_s=deadline_s,
        run=inline,
    )


def fallback_to(
    desk: Desk,
    *,
    is_allowed: bool = True,
    first_words_ms: int = 3_000,
    deadline_s: float = 45.0,
    noticed: Callable[[Reason | None], None] = lambda _: None,
) -> Fallback:
    async def is_voice(pcm: bytes, sample_rate_hz: int) -> bool:
        return await holds_voice(pcm, sample_rate_hz, probability=energy_probability, run=inline)

    return Fallback(
        open=lambda _rate: batch_stream(desk, deadline_s=deadline_s),
        is_voice=is_voice,
        is_allowed=is_allowed,
        first_words_ms=first_words_ms,
        noticed=noticed,
    )

"""The processes under `benchmarks.faults`: the product's own web server and Celery worker, with ears for tones.

    python -m benchmarks.faults_engine web | worker NAME

What was said is in the audio itself: each pitch stands for a phrase. So any process hears the same words in the same
audio, and audio that is heard twice puts its dish into the basket twice. The engine of the web server stands for a
hosted provider and breaks in the ways that a file in the data folder names, for all its calls at once.
"""

from __future__ import annotations

import asyncio
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from voice.audio.formats import pcm16_to_samples
from voice.dialog.events import Hypothesis, TranscriptFinal
from voice.engines import registry
from voice.engines.registry import Configuration
from voice.engines.scripted import ScriptedSpeaker, ScriptedStream, ScriptedTranscriber, ScriptedUtterance
from voice.engines.types import Engine, EngineUnavailable

STEP_HZ: Final = 150
PHRASES: Final = (
    "a coke",
    "two tiramisu",
    "garlic bread",
    "two cannoli",
    "two churros",
    "chips and salsa",
    "guacamole",
    "that's all",
    "yes",
)
BLOCK_MS: Final = 20
LOUD: Final = 0.03
LEAST_BLOCKS: Final = 6  # of one pitch, to be a phrase
PAUSE_BLOCKS: Final = 15  # the same pitch after so much quiet is said once more
MS_PER_WORD: Final = 150
MS_PER_CHAR: Final = 12  # the replies: quick, so that a run takes minutes
FAULT_FILE: Final = "provider"
LOOK_EVERY_S: Final = 0.05
SLOW_S: Final = 9.0


def pitch_of(phrase: str) -> int:
    """Hz. raises: ValueError"""
    return STEP_HZ * (PHRASES.index(phrase) + 2)


class Tones:
    """The phrases in what was heard so far."""

    def __init__(self, *, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self._block = sample_rate_hz * BLOCK_MS // 1000
        self._rest = np.zeros(0, dtype=np.float32)
        self._runs: list[list[int]] = []  # phrase, blocks
        self._quiet = PAUSE_BLOCKS

    @property
    def text(self) -> str:
        return " and ".join(PHRASES[phrase] for phrase, blocks in self._runs if blocks >= LEAST_BLOCKS)

    def hear(self, pcm: bytes) -> None:
        samples = np.concatenate((self._rest, pcm16_to_samples(pcm[: len(pcm) & ~1])))
        whole = len(samples) // self._block * self._block
        self._rest = samples[whole:]
        for block in samples[:whole].reshape(-1, self._block):
            self._hear_block(block)

    def forget(self) -> None:
        self._runs.clear()
        self._quiet = PAUSE_BLOCKS

    def _hear_block(self, block: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        if float(np.sqrt(np.mean(block**2))) < LOUD:
            self._quiet += 1
            return
        hz = int(np.argmax(np.abs(np.fft.rfft(block)))) * self._rate_hz / self._block
        phrase = round(hz / STEP_HZ) - 2
        if not 0 <= phrase < len(PHRASES) or abs(hz - (phrase + 2) * STEP_HZ) > STEP_HZ / 3:
            return
        if not self._runs or self._runs[-1][0] != phrase or self._quiet >= PAUSE_BLOCKS:
            self._runs.append([phrase, 0])
        self._runs[-1][1] += 1
        self._quiet = 0


class Provider:
    """How the provider is just now: "", or refuses | silent | dies | garbage | slow."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._fault = ""
        self._looked_s = -math.inf

    @property
    def fault(self) -> str:
        if self._file is not None and time.monotonic() - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = time.monotonic()
            try:
                self._fault = self._file.read_text()
            except OSError:
                self._fault = ""
        return self._fault


class TonalStream(ScriptedStream):
    def __init__(self, provider: Provider, *, sample_rate_hz: int, clock: Callable[[], int]) -> None:
        super().__init__((), sample_rate_hz=sample_rate_hz, clock=clock, sleep=asyncio.sleep)
        self.provider = provider
        self.tones = Tones(sample_rate_hz=sample_rate_hz)

    def push(self, pcm: bytes) -> None:
        fault = self.provider.fault
        if not self._is_open or fault == "silent":
            return
        self.tones.hear(pcm)
        super().push(pcm)
        if not self._detector.in_utterance:
            return
        if fault == "dies":
            self._give(ScriptedUtterance((), fails="the provider hung up"), TranscriptFinal(hypotheses=()))
        elif fault == "garbage":
            self._send_garbage()

    def finish_utterance(self) -> None:
        if self.provider.fault != "silent":
            super().finish_utterance()
            self.tones.forget()

    def _line(self) -> ScriptedUtterance:
        delay_ms = round(SLOW_S * 1000) if self.provider.fault == "slow" else 0
        text = self.tones.text
        return ScriptedUtterance((text,) if text else (), ms_per_word=MS_PER_WORD, final_delay_ms=delay_ms)

    def _show_words(self) -> None:
        if self.provider.fault != "slow":
            super()._show_words()

    def _send_garbage(self) -> None:
        broken: Any = {"type": "conversation.item", "delta": None}
        self._events.put_nowait(broken)
        nonsense = Hypothesis("\ufffd\x00" * 20_000, math.nan, 7.0)
        self._events.put_nowait(TranscriptFinal(hypotheses=(nonsense,), started_audio_ms=-5, ended_audio_ms=-900))


class TonalTranscriber(ScriptedTranscriber):
    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self._provider = provider

    async def open(self, *, sample_rate_hz: int, clock: Callable[[], int], **_: Any) -> TonalStream:
        if self._provider.fault == "refuses":
            raise EngineUnavailable("the provider refuses calls")
        return TonalStream(self._provider, sample_rate_hz=sample_rate_hz, clock=clock)


def hear_tones(fault_file: Path | None) -> None:
    """From now on the scripted engine of this process hears tones. Without a file, nothing ever fails."""

    def make(_configuration: Configuration) -> Engine:
        return Engine("scripted", TonalTranscriber(Provider(fault_file)), ScriptedSpeaker(ms_per_char=MS_PER_CHAR))

    registry.register("scripted", make)


def main() -> None:
    kind = sys.argv[1]
    if kind == "web":
        from config import serve
        from config.settings import VAR_DIR

        hear_tones(VAR_DIR / FAULT_FILE)
        serve.serve()
    else:
        from config.celery import app

        hear_tones(None)
        app.worker_main(
            ["worker", "--loglevel=INFO", "-n", f"{sys.argv[2]}@faults", "--without-gossip", "--without-mingle"]
        )


if __name__ == "__main__":
    main()

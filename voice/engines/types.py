"""Engines as small protocols. One vendor per file, imported lazily by `voice.engines.registry`.

A cascade is a Transcriber + an understander + a Speaker. Audio crossing these protocols is mono PCM16 little-endian
`bytes`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol

from orders.understanding_model import ModelUnderstander
from restaurants.menu import Menu
from voice.dialog.events import (
    EngineFailed,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    TranscriptFinal,
    TranscriptInterim,
)
from voice.second_opinion import SecondOpinion

TranscriberEvent = SpeechStarted | SpeechPaused | SpeechResumed | TranscriptInterim | TranscriptFinal | EngineFailed
Clock = Callable[[], int]  # the runner's: milliseconds since the call opened


@dataclass(frozen=True, slots=True)
class Capabilities:
    name: str
    languages: tuple[str, ...]
    sample_rate_hz: int  # what the engine wants to be fed, or makes
    has_interim: bool = True
    is_open_dictation: bool = True  # False: knows the menu only, and pages say so kindly


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """For /readyz: ready now? `detail` is one plain sentence."""

    name: str
    is_ready: bool
    detail: str = ""


class TranscriberStream(Protocol):
    """One caller's ears. Owned by one CallRunner, used on its event loop."""

    @property
    def dropped_ms(self) -> int:
        """Audio dropped so far because the engine fell behind."""
        ...

    def push(self, pcm: bytes) -> None:
        """Takes any amount of audio at the stream's rate; never blocks, never raises; a full queue drops the oldest."""
        ...

    def finish_utterance(self) -> None:
        """The turn is over: a TranscriptFinal follows within the engine's deadline (possibly empty)."""
        ...

    def events(self) -> AsyncIterator[TranscriberEvent]:
        """Ends after close() or after one EngineFailed."""
        ...

    async def close(self) -> None:
        """Idempotent."""
        ...


class Transcriber(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    async def open(
        self, *, menu: Menu, language: str, sample_rate_hz: int, clock: Clock, tenant: str
    ) -> TranscriberStream:
        """`sample_rate_hz` is that of the pushed audio; the stream resamples if it must. `tenant` is the restaurant id.

        raises: EngineUnavailable
        """
        ...

    def prewarm(self, menu: Menu, language: str) -> None:
        """Makes what a stream of this menu will need (models), in the background; repeated calls are free."""
        ...

    async def close(self) -> None: ...


class Speaker(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    def speak(self, text: str, *, language: str, sample_rate_hz: int) -> AsyncIterator[bytes]:
        """Streams speech as PCM16 chunks of any size as soon as they are made. Closing the iterator stops the work.

        raises: EngineUnavailable, ValueError for text beyond the engine's limit
        """
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How to reach the hosted model that reads what the parser is unsure of. `reasoning`: "" leaves it to the model."""

    api_key: str = field(repr=False)
    model: str
    base_url: str = ""  # "": the vendor's own
    deadline_ms: int = 1500
    reasoning: str = ""


class EngineUnavailable(Exception):
    """The engine can't take this now; the message says why in one sentence without secrets."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What the registry hands to an edge for one call."""

    name: str
    transcriber: Transcriber
    speaker: Speaker
    model: ModelUnderstander | None = None  # reads what the parser is unsure of

    def second_opinion(self, menu: Menu) -> SecondOpinion | None:
        """For one call; None where no model is configured."""
        return SecondOpinion(self.model, menu) if self.model is not None else None

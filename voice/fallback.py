"""Why and how a call goes on in batch. The codes are those of `mode` messages, `Call.fallback_reason` and reports."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, get_args

from voice.dialog.events import TranscriptFinal, TranscriptInterim
from voice.engines.types import TranscriberEvent, TranscriberStream

STREAMING, BATCH = "streaming", "batch"


class Reason(StrEnum):
    ENGINE_REFUSED = "engine_refused"  # the recogniser did not open
    ENGINE_SLOW = "engine_slow"  # somebody spoke, and no words came
    ENGINE_FAILED = "engine_failed"  # it broke off
    ENGINE_GARBAGE = "engine_garbage"  # what it sent made no sense
    ENGINE_BEHIND = "engine_behind"  # it threw audio away
    OVERLOADED = "overloaded"  # this process has too much to do
    KILLED = "killed"  # an operator switched streaming off
    CONNECTION = "connection"  # the customer's connection does not carry live audio


class BatchEars(TranscriberStream, Protocol):
    """`voice.batch.stream.BatchStream`, as the ears see it."""

    @property
    def needed_from_ms(self) -> float: ...

    def adopt(self, pcm: bytes, *, is_finished: bool) -> None: ...

    async def settle(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Fallback:
    """The way in batch. `open` is ready at once. `is_voice`: PCM and its rate, looked at with a model of speech.

    is_allowed: also a call that streams may take it. first_words_ms: how long the engine is waited for.
    noticed: told why the engine was given up, and None each time it gave words.
    """

    open: Callable[[int], BatchEars]
    is_voice: Callable[[bytes, int], Awaitable[bool]]
    is_allowed: bool
    first_words_ms: int
    noticed: Callable[[Reason | None], None] = lambda _: None


def is_sensible(event: object) -> bool:
    """Whether it is what a recogniser may say: what comes from outside is looked at once, here."""
    match event:
        case TranscriptInterim(text=text):
            return isinstance(text, str)
        case TranscriptFinal(hypotheses=hypotheses):
            return all(isinstance(one.text, str) for one in hypotheses)
        case _:
            return isinstance(event, get_args(TranscriberEvent))

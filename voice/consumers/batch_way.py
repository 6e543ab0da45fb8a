"""How calls of this process get to words in batch, and what makes them go that way: settings, health and load."""

from __future__ import annotations

from functools import partial

from django.conf import settings

from flags import snapshot
from flags.declared import VOICE_STREAMING
from voice import load
from voice.audio.speech import SpeechProbability, energy_probability, silero_probability
from voice.batch.stream import BatchStream, Desk, holds_voice
from voice.breaker import Breaker
from voice.engines.types import Clock, Engine
from voice.fallback import Fallback, Reason

breaker = Breaker()  # of the engine, as this process's calls find it


def fallback_of(engine: Engine, desk: Desk, *, clock: Clock) -> Fallback:
    """The way in batch of one call, over `desk`."""
    probability = partial(speech_probability, engine.name)

    def open_stream(sample_rate_hz: int) -> BatchStream:
        return BatchStream(
            desk,
            sample_rate_hz=sample_rate_hz,
            clock=clock,
            probability=probability,
            deadline_s=settings.BATCH_WORDS_DEADLINE_SECONDS,
        )

    return Fallback(
        open=open_stream,
        is_voice=partial(holds_voice, probability=probability),
        is_allowed=settings.FALLBACK_TO_BATCH_ON_ERROR,
        first_words_ms=settings.STREAMING_FIRST_WORDS_DEADLINE_MS,
        noticed=_noticed,
    )


def speech_probability(engine: str) -> SpeechProbability:
    """The scripted engine's callers are tones, which no model of speech takes for a voice."""
    return energy_probability() if engine == "scripted" else silero_probability()


def is_overloaded() -> bool:
    limit_ms: int = settings.OVERLOAD_LOOP_LAG_MS
    return load.lag_p95_ms() > limit_ms


def is_streaming_killed() -> bool:
    """By what this process knows now."""
    flag = snapshot.current().flags.get(VOICE_STREAMING)
    return flag is not None and flag.is_killed


def _noticed(reason: Reason | None) -> None:
    if reason is None:
        breaker.went_well()
    else:
        breaker.went_wrong()

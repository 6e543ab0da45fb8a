"""A worker's way with one recording: hold it, hear it, give its words away."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import uuid

from django.db import DatabaseError
from redis.exceptions import RedisError

from voice.audio.formats import Samples
from voice.batch import holding, leases, selectors, storage
from voice.batch.decode import RATE_HZ, decode
from voice.batch.hearing import hear, whole
from voice.batch.limits import RecordingError
from voice.consumers.database import in_database
from voice.engines import registry
from voice.engines.types import EngineUnavailable
from voice.models import Recording, Stage

logger = logging.getLogger(__name__)

KEPT_IN_MEMORY_BYTES = 4_000_000  # of the encoded audio; beyond it, a temporary file


async def transcribe(restaurant_id: int, recording_id: uuid.UUID | str) -> None:
    """One attempt. Nothing to do, done, or failed for good: returns. raises: Later, Recording.DoesNotExist"""
    recording = await in_database(leases.claim, restaurant_id, recording_id)
    if recording is None:
        return
    await holding.tell(recording, Stage.TRANSCRIBING, recording.stages.get(Stage.TRANSCRIBING.value))
    try:
        async with holding.held(recording):
            at_ms = await _hear(recording)
    except RecordingError as error:
        logger.info("Recording %s is refused: %s (%s)", recording.pk, error.code, error)
        await holding.fail(recording, error.code)
    except Exception as error:
        raise await holding.put_off(recording, error, _code_of(error), attempts=leases.MAX_ATTEMPTS) from error
    else:
        await holding.tell(recording, Stage.TRANSCRIPT, at_ms)


def _code_of(error: Exception) -> str:
    match error:
        case DatabaseError() | RedisError():
            return "internal"
        case EngineUnavailable():
            return "engine_unavailable"
        case OSError():
            return "storage_failed"
        case _:
            logger.error("Something nobody thought of", exc_info=error)
            return "internal"


async def _hear(recording: Recording) -> int | None:
    context = await in_database(selectors.hearing_context, recording)
    engine = registry.get_engine()
    language = context.language
    if language not in engine.transcriber.capabilities.languages:
        raise RecordingError("language_unknown", limit=", ".join(engine.transcriber.capabilities.languages))
    samples = await asyncio.to_thread(_samples_of, recording)
    tenant = str(recording.restaurant_id)
    hypotheses = await hear(samples, engine, menu=context.menu, language=language, tenant=tenant)
    return await in_database(
        leases.store_words,
        recording,
        hypotheses,
        duration_ms=round(samples.size * 1000 / RATE_HZ),
        keeps_audio=context.keeps_audio,
    )


def _samples_of(recording: Recording) -> Samples:
    """raises: RecordingError, OSError"""
    with tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY_BYTES) as file:
        for part in storage.read_parts(recording.file, recording.received_bytes):
            file.write(part)
        file.seek(0)
        decoded = decode(file, content_type=recording.content_type, sample_rate_hz=recording.sample_rate_hz)  # type: ignore[arg-type]  # a BinaryIO in all but name
        return whole(list(decoded))

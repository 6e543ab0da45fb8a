"""A worker's way with one recording: hold it, hear it, give its words away; and what follows when something fails."""

from __future__ import annotations

import asyncio
import logging
import random
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.db import DatabaseError
from redis.exceptions import RedisError

from voice.audio.formats import Samples
from voice.batch import leases, selectors, storage
from voice.batch.decode import RATE_HZ, decode
from voice.batch.hearing import hear, whole
from voice.batch.limits import RecordingError
from voice.consumers import control
from voice.consumers.database import in_database
from voice.ending import end_tasks
from voice.engines import registry
from voice.engines.types import EngineUnavailable
from voice.models import Recording, Stage

logger = logging.getLogger(__name__)

KEPT_IN_MEMORY_BYTES = 4_000_000  # of the encoded audio; beyond it, a temporary file
BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 20.0


class Later(Exception):
    """Something that may pass: ring again in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.1f} s")
        self.seconds = seconds


async def transcribe(restaurant_id: int, recording_id: uuid.UUID | str) -> None:
    """One attempt. Nothing to do, done, or failed for good: returns. raises: Later, Recording.DoesNotExist"""
    recording = await in_database(leases.claim, restaurant_id, recording_id)
    if recording is None:
        return
    await _tell(recording, Stage.TRANSCRIBING, recording.stages.get(Stage.TRANSCRIBING.value))
    try:
        async with _held(recording):
            at_ms = await _hear(recording)
    except RecordingError as error:
        logger.info("Recording %s is refused: %s (%s)", recording.pk, error.code, error)
        await _tell(recording, Stage.FAILED, await in_database(leases.fail, recording, error.code))
    except (DatabaseError, RedisError) as error:
        raise await _put_off(recording, error, "internal") from error
    except EngineUnavailable as error:
        raise await _put_off(recording, error, "engine_unavailable") from error
    except OSError as error:
        raise await _put_off(recording, error, "storage_failed") from error
    except Exception as error:
        logger.exception("Recording %s: something nobody thought of", recording.pk)
        raise await _put_off(recording, error, "internal") from error
    else:
        await _tell(recording, Stage.TRANSCRIPT, at_ms)


def backoff_s(attempt: int) -> float:
    """Doubles with each attempt, and never the same for two."""
    return float(min(LONGEST_BACKOFF_S, BACKOFF_S * 2 ** (attempt - 1)) * random.uniform(0.75, 1.25))


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


async def _put_off(recording: Recording, error: Exception, code: str) -> Exception:
    """What to raise: Later; or the error itself, when that was the last attempt and the recording has failed."""
    seconds = backoff_s(recording.attempts)
    logger.warning("Recording %s, attempt %d: %s: %s", recording.pk, recording.attempts, type(error).__name__, error)
    try:
        if recording.attempts < leases.MAX_ATTEMPTS:
            await in_database(leases.put_off, recording, seconds)
            return Later(seconds)
        await _tell(recording, Stage.FAILED, await in_database(leases.fail, recording, code))
    except DatabaseError:  # the lease runs out by itself
        return Later(max(seconds, leases.LEASE_S))
    return error


@asynccontextmanager
async def _held(recording: Recording) -> AsyncIterator[None]:
    """The lease is renewed as long as this lasts."""
    renewing = asyncio.create_task(_renew(recording), name="renew lease")
    try:
        yield
    finally:
        await end_tasks(renewing)


async def _renew(recording: Recording) -> None:
    while True:
        await asyncio.sleep(leases.RENEW_EVERY_S)
        try:
            if not await in_database(leases.renew, recording):
                return
        except DatabaseError:
            logger.warning("The hold on recording %s could not be renewed", recording.pk)


async def _tell(recording: Recording, stage: str, at_ms: int | None) -> None:
    if at_ms is not None:
        await control.tell_recording(str(recording.call_id), str(recording.pk), stage=stage, at_ms=at_ms)

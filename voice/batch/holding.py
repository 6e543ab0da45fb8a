"""Around a worker's work on a recording: the lease kept, stages told, and what follows when something fails."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.db import DatabaseError, InterfaceError

from voice.batch import leases
from voice.consumers import control
from voice.consumers.database import in_database
from voice.ending import end_tasks
from voice.models import Recording, Stage

logger = logging.getLogger(__name__)

BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 20.0


class Later(Exception):
    """Something that may pass: ring again in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.1f} s")
        self.seconds = seconds


@asynccontextmanager
async def held(recording: Recording) -> AsyncIterator[None]:
    """The lease is renewed as long as this lasts."""
    renewing = asyncio.create_task(_renew(recording), name="renew lease")
    try:
        yield
    finally:
        await end_tasks(renewing)


async def tell(recording: Recording, stage: str, at_ms: int | None) -> None:
    """To whoever has the call; nothing for a stage that is no news."""
    if at_ms is not None:
        await control.tell_recording(str(recording.call_id), str(recording.pk), stage=str(stage), at_ms=at_ms)


async def reach(recording: Recording, stage: str) -> None:
    await tell(recording, stage, await in_database(leases.reach, recording, stage))


async def fail(recording: Recording, code: str) -> None:
    await tell(recording, Stage.FAILED, await in_database(leases.fail, recording, code))


async def put_off(recording: Recording, error: Exception, code: str, *, attempts: int) -> Exception:
    """What to raise: Later; or the error itself, when that was the last of so many and the recording has failed."""
    seconds = backoff_s(recording.attempts)
    logger.warning("Recording %s, attempt %d: %s: %s", recording.pk, recording.attempts, type(error).__name__, error)
    try:
        if recording.attempts < attempts:
            await in_database(leases.put_off, recording, seconds)
            return Later(seconds)
        await fail(recording, code)
    except (DatabaseError, InterfaceError):  # the lease runs out by itself
        return Later(max(seconds, leases.LEASE_S))
    return error


def backoff_s(attempt: int) -> float:
    """Doubles with each attempt, and never the same for two."""
    return float(min(LONGEST_BACKOFF_S, BACKOFF_S * 2 ** (attempt - 1)) * random.uniform(0.75, 1.25))


async def _renew(recording: Recording) -> None:
    while True:
        await asyncio.sleep(leases.RENEW_EVERY_S)
        try:
            if not await in_database(leases.renew, recording):
                return
        except (DatabaseError, InterfaceError):
            logger.warning("The hold on recording %s could not be renewed", recording.pk)

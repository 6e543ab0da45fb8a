"""Doorbells: ids in, one piece of work."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

from celery import Task, shared_task
from celery.signals import worker_process_init, worker_process_shutdown, worker_ready, worker_shutdown
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from restaurants.selectors import NoLiveMenu, live_menu
from voice import services
from voice.batch import leases
from voice.batch.holding import Later
from voice.batch.replying import carry_on
from voice.batch.transcribing import transcribe
from voice.batch.worker_engine import warm_up, worker_engine
from voice.engines import registry
from voice.engines.types import EngineUnavailable

logger = logging.getLogger(__name__)

DATABASE_AWAY_S = 3.0
WARM_UP_AFTER_S = 10.0
UPLOAD_MAX = timedelta(hours=1)
AUDIO_KEPT = timedelta(hours=24)  # of what failed, so that a person can try again


@shared_task(autoretry_for=(EngineUnavailable, OSError), retry_backoff=True, max_retries=5)  # type: ignore[untyped-decorator]  # celery ships no types
def build_recogniser(restaurant_id: int, menu_version_id: int) -> None:
    """Makes what the embedded recogniser needs of a published menu, where each process finds it, before a call does."""
    configuration = registry.configuration()
    if configuration.name != "embedded":
        return
    try:
        menu = live_menu(restaurant_id)
    except NoLiveMenu:
        return
    from voice.engines.embedded.build import ensure_model
    from voice.engines.embedded.transcriber import EmbeddedTranscriber

    for language in menu.languages:
        if language in EmbeddedTranscriber.capabilities.languages:
            asyncio.run(ensure_model(menu, language, configuration.cache_dir))
            logger.info("recogniser for menu version %s in %s is ready", menu_version_id, language)


@shared_task  # type: ignore[untyped-decorator]  # celery ships no types
def close_lost_calls() -> None:
    """Calls whose process died and whose customer never came back."""
    services.close_lost_calls(older_than_s=settings.CALL_MAX_SECONDS + 600)


@shared_task(bind=True, max_retries=None)  # type: ignore[untyped-decorator]  # celery ships no types
def transcribe_recording(self: Task, restaurant_id: int, recording_id: str) -> None:
    """Rung when audio is here, and again by whoever misses its words. Twice, it is done once (`voice.batch.leases`)."""
    try:
        worker_engine.run(transcribe(restaurant_id, recording_id))
        worker_engine.run(carry_on(restaurant_id, recording_id))
    except Later as later:
        raise self.retry(countdown=later.seconds) from later
    except (DatabaseError, InterfaceError) as error:
        raise self.retry(countdown=DATABASE_AWAY_S, exc=error, max_retries=20) from error


@shared_task  # type: ignore[untyped-decorator]  # celery ships no types
def pick_up_recordings() -> None:
    """Stands behind the bell: what a killed worker held, and what nobody was told of."""
    leases.ring_for_forgotten()


@shared_task  # type: ignore[untyped-decorator]  # celery ships no types
def sweep_recordings() -> None:
    now = timezone.now()
    leases.sweep(unfinished_before=now - UPLOAD_MAX, everything_before=now - AUDIO_KEPT)


@worker_ready.connect  # type: ignore[untyped-decorator]  # celery ships no types
def _warm_up(sender: Any = None, **_signal: Any) -> None:
    """In the process whose threads run the tasks; a pool of processes has an engine in each (`worker_process_init`)."""
    if "prefork" not in type(getattr(sender, "pool", None)).__module__:
        worker_engine.begin(warm_up(WARM_UP_AFTER_S))


@worker_process_init.connect  # type: ignore[untyped-decorator]  # celery ships no types
def _warm_up_process(**_signal: Any) -> None:
    worker_engine.begin(warm_up(WARM_UP_AFTER_S))


@worker_shutdown.connect  # type: ignore[untyped-decorator]  # celery ships no types
@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _end_engine(**_signal: Any) -> None:
    worker_engine.close()

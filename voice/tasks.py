"""Doorbells: ids in, one piece of work."""

from __future__ import annotations

import asyncio
import logging

from celery import shared_task
from django.conf import settings

from restaurants.selectors import NoLiveMenu, live_menu
from voice import services
from voice.engines import registry
from voice.engines.types import EngineUnavailable

logger = logging.getLogger(__name__)


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

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from voice.engines.types import ModelSettings


class VoiceConfig(AppConfig):
    name = "voice"
    verbose_name = "Voice calls"

    def ready(self) -> None:
        from django.conf import settings

        from restaurants.services import on_publish
        from voice.engines import registry

        registry.configure(
            name=settings.VOICE_ENGINE,
            cache_dir=settings.VAR_DIR / "recogniser",
            workers=settings.RECOGNISER_WORKERS,
            model=model_settings(),
        )
        on_publish.append(ring_for_recogniser)


def model_settings() -> ModelSettings | None:
    """None without a key, and where UNDERSTANDER_MODEL is off."""
    from django.conf import settings

    from voice.engines.types import ModelSettings

    if not settings.OPENAI_API_KEY or settings.UNDERSTANDER_MODEL == "off":
        return None
    return ModelSettings(
        api_key=settings.OPENAI_API_KEY,
        model=settings.UNDERSTANDER_MODEL,
        base_url=settings.OPENAI_BASE_URL,
        deadline_ms=settings.UNDERSTANDER_MODEL_DEADLINE_MS,
        reasoning=settings.UNDERSTANDER_MODEL_REASONING,
    )


def ring_for_recogniser(restaurant_id: int, menu_version_id: int) -> None:
    """After a publish: a worker makes what the recogniser needs. A broker that is away must not fail the publish."""
    from kombu.exceptions import OperationalError

    from voice.tasks import build_recogniser, logger

    try:
        build_recogniser.delay(restaurant_id, menu_version_id)
    except OperationalError:
        logger.warning("no worker was told about menu version %s; the first call will wait", menu_version_id)

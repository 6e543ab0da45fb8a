"""Reads for the pages that show the rollout."""

from __future__ import annotations

from flags import presence
from flags.models import RestaurantOverride, RolloutFlag, RolloutVersion
from flags.wording import processes_text
from restaurants.scoping import for_restaurant


def processes_in_words() -> str:
    """Whether every process goes by the tables as they are now."""
    version = RolloutVersion.objects.values_list("version", flat=True).first() or 0
    return processes_text(version, [(one.version, one.age_s) for one in presence.list_processes()])


def get_override(flag_id: int, restaurant_id: int) -> RestaurantOverride | None:
    with for_restaurant(restaurant_id):
        return RestaurantOverride.objects.filter(flag_id=flag_id, restaurant_id=restaurant_id).first()


def flag_id(name: str) -> int | None:
    return RolloutFlag.objects.filter(name=name).values_list("pk", flat=True).first()

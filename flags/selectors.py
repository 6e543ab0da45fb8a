"""Reads for the pages that show the rollout."""

from __future__ import annotations

import time

from flags import presence
from flags.models import RestaurantOverride, RolloutFlag, RolloutVersion
from flags.wording import processes_text
from restaurants.scoping import for_restaurant


def processes_in_words() -> str:
    """Whether every process goes by the tables as they are now."""
    return processes_text(tables_version(), [(one.version, one.age_s) for one in presence.list_processes()])


def wait_for_processes(patience_s: float) -> None:
    """Until each has said that it goes by the tables as they are now, or patience is over."""
    version, end = tables_version(), time.monotonic() + patience_s
    while time.monotonic() < end and any(one.version != version for one in presence.list_processes()):
        time.sleep(0.05)


def tables_version() -> int:
    return RolloutVersion.objects.values_list("version", flat=True).first() or 0


def get_override(flag_id: int, restaurant_id: int) -> RestaurantOverride | None:
    with for_restaurant(restaurant_id):
        return RestaurantOverride.objects.filter(flag_id=flag_id, restaurant_id=restaurant_id).first()


def flag_id(name: str) -> int | None:
    return RolloutFlag.objects.filter(name=name).values_list("pk", flat=True).first()

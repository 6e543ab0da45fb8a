"""Reads of recordings. Each opens its own tenant context."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from restaurants.menu import Menu
from restaurants.scoping import for_restaurant
from restaurants.selectors import pinned_menu
from voice.models import Call, Recording, Stage


def unfinished_recordings(restaurant_id: int, call_id: str) -> list[Recording]:
    """Of one call, the oldest first: received whole, and neither their words nor their failure are in the dialogue."""
    with for_restaurant(restaurant_id):
        rows = Recording.objects.filter(call_id=call_id, is_taken=False).exclude(stage=Stage.RECEIVING)
        return list(rows.order_by("created_at", "pk"))


def get_recording(restaurant_id: int, recording_id: UUID | str, *, call_id: str | None = None) -> Recording:
    """raises: Recording.DoesNotExist, also for another restaurant's or, with `call_id`, another call's"""
    with for_restaurant(restaurant_id):
        rows = Recording.objects.all() if call_id is None else Recording.objects.filter(call_id=call_id)
        return rows.get(pk=recording_id)


@dataclass(frozen=True, slots=True)
class HearingContext:
    """What a recording is heard with: the call's own menu and language, wherever that is and whatever is live now."""

    menu: Menu
    language: str
    keeps_audio: bool


def hearing_context(recording: Recording) -> HearingContext:
    """raises: NoLiveMenu"""
    with for_restaurant(recording.restaurant_id):
        call = Call.objects.select_related("restaurant").get(pk=recording.call_id)
    menu = pinned_menu(recording.restaurant_id, call.menu_version)
    return HearingContext(menu, call.language, call.restaurant.stores_audio)

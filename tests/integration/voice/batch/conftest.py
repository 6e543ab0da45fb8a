"""A call on the batch path, and recordings of it."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from restaurants.models import Restaurant
from restaurants.scoping import for_restaurant
from restaurants.selectors import live_menu
from voice.batch import services
from voice.models import Call, Recording

SECOND_OF_PCM = bytes(32_000)


def call_at(restaurant: Restaurant) -> Call:
    with for_restaurant(restaurant.pk):
        return Call.objects.create(
            restaurant=restaurant,
            language="en",
            mode="batch",
            engine="scripted",
            menu_version=live_menu(restaurant.pk).version,
            started_at=timezone.now(),
        )


def recording_of(call: Call, *, key: str = "one", pcm: bytes = SECOND_OF_PCM) -> Recording:
    recording_id = services.take_audio(
        restaurant_id=call.restaurant_id, call_id=str(call.pk), key=key, pcm=pcm, sample_rate_hz=16_000
    )
    return read(call, recording_id)


def read(call: Call, recording_id: uuid.UUID) -> Recording:
    with for_restaurant(call.restaurant_id):
        return Recording.objects.get(pk=recording_id)


def change(recording: Recording, **fields: object) -> None:
    with for_restaurant(recording.restaurant_id):
        Recording.objects.filter(pk=recording.pk).update(**fields)


@pytest.fixture
def batch_call(osteria: Restaurant) -> Call:
    return call_at(osteria)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Recordings a worker was asked for."""
    ids: list[str] = []
    monkeypatch.setattr(services, "ring", lambda _restaurant, recording: ids.append(str(recording)))
    return ids

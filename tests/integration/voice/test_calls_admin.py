"""Calls in the admin: a manager reads how they went in words; a stranger meets nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from restaurants.models import Restaurant, Role
from restaurants.scoping import for_restaurant
from tests.cast import hire
from voice.models import Call, Turn

pytestmark = pytest.mark.django_db

CALLS = "/admin/voice/call/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(call: Call) -> str:
    return reverse("admin:voice_call_change", args=[call.pk])


@pytest.fixture
def fallen(osteria: Restaurant) -> Call:
    """It began streaming, went on in batch, and was rated."""
    with for_restaurant(osteria.pk):
        call = Call.objects.create(
            restaurant=osteria,
            language="en",
            engine="embedded",
            menu_version="v",
            started_at=timezone.now(),
            ended_at=timezone.now(),
            outcome="transferred",
            end_reason="idle",
            assigned_mode="streaming",
            assigned_reason="percent",
            mode="batch",
            fallback_reason="engine_slow",
            fallbacks=1,
            first_transcript_ms=420,
            first_audio_ms=1_840,
            rating=4,
            rating_comment="Quick, <b>but</b> it asked twice.",
        )
        parts = dict.fromkeys(
            ("endpointing_ms", "recognition_ms", "understanding_ms", "speaking_ms", "network_ms"), 250
        )
        Turn.objects.create(restaurant=osteria, call=call, number=1, source="voice", heard="two pesto", **parts)
        Turn.objects.create(restaurant=osteria, call=call, number=2, source="typed", heard="that's all")
    return call


def test_a_manager_reads_how_calls_went(fallen: Call, owner: User) -> None:
    page = client_of(owner).get(CALLS).content.decode()
    for words in (
        "streaming, then batch",
        "somebody spoke and no words came in time",
        "handed to a person",
        "1.8 s",
        "4 of 5",
    ):
        assert words in page, words


def test_a_call_shows_where_the_time_of_each_turn_went(fallen: Call, owner: User) -> None:
    page = client_of(owner).get(page_of(fallen)).content.decode()
    assert "endpointing 0.25 s, recognition 0.25 s" in page
    assert "1.2 s" in page
    assert "0.42 s" in page
    assert "by the percentage of the rollout" in page
    assert "nobody said anything for too long" in page
    assert "&lt;b&gt;but&lt;/b&gt;" in page, "what customers write is text"


def test_a_stranger_sees_none_of_it(fallen: Call, stranger: User, diner: Restaurant) -> None:
    client = client_of(stranger)
    assert client.get(CALLS).status_code == 200
    assert str(fallen.pk) not in client.get(CALLS).content.decode()
    assert client.get(page_of(fallen)).status_code in (302, 404)
    assert "two pesto" not in client.get(page_of(fallen), follow=True).content.decode()


def test_the_kitchen_does_not_read_what_customers_said(fallen: Call, osteria: Restaurant) -> None:
    cook = hire("cora", osteria, Role.KITCHEN)
    assert client_of(cook).get(CALLS).status_code == 403


def test_nobody_changes_a_call(fallen: Call, owner: User) -> None:
    data: dict[str, Any] = {"outcome": "completed"}
    assert client_of(owner).post(page_of(fallen), data).status_code == 403
    with for_restaurant(fallen.restaurant_id):
        assert Call.objects.get(pk=fallen.pk).outcome == "transferred"

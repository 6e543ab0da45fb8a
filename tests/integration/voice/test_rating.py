"""What customers say of their call: one to five and a comment, theirs alone to say, for a day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from restaurants.models import Restaurant
from restaurants.scoping import for_restaurant
from voice import tokens
from voice.dialog.effects import Outcome
from voice.models import Call
from voice.selectors import get_call
from voice.views import RATINGS_PER_MINUTE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]


@pytest.fixture
def call(osteria: Restaurant) -> Call:
    with for_restaurant(osteria.pk):
        return Call.objects.create(
            restaurant=osteria, language="en", engine="scripted", menu_version="m", started_at=timezone.now()
        )


def rate(call: Call, body: Any, *, slug: str = "osteria", token: str | None = None) -> Any:
    """`body` as JSON, or as it is when it is bytes."""
    return Client(enforce_csrf_checks=True).post(
        reverse("rate_call", args=[slug]),
        body if isinstance(body, bytes) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {tokens.resume_token(slug, str(call.pk)) if token is None else token}"},
    )


def stored(call: Call) -> tuple[int | None, str]:
    fresh = get_call(call.restaurant_id, str(call.pk))
    return fresh.rating, fresh.rating_comment


def test_the_last_rating_counts_and_can_be_taken_back(call: Call) -> None:
    assert rate(call, {"rating": 2}).status_code == 204
    assert rate(call, {"rating": 5, "comment": "  ¡Rápido! 🌶  "}).status_code == 204
    assert stored(call) == (5, "¡Rápido! 🌶")
    assert rate(call, {"rating": None}).status_code == 204
    assert stored(call) == (None, "")


@pytest.mark.parametrize(
    "body",
    [
        {"rating": 0},
        {"rating": 6},
        {"rating": -1},
        {"rating": "5"},
        {"rating": 4.5},
        {"rating": True},
        {"comment": "no stars"},
        {"rating": 3, "comment": "x" * 501},
        {"rating": 3, "comment": None},
        {"rating": 3, "call_id": "another"},
        [],
        b"",
        b"\xff\xfe",
        b'{"rating": 3, "comment": "\\ud800"}',
        b'{"rating": 99999999999999999999999}',
    ],
)
def test_what_is_no_rating_is_refused_and_changes_nothing(call: Call, body: Any) -> None:
    rate(call, {"rating": 4, "comment": "fine"})
    answer = rate(call, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_message")
    assert stored(call) == (4, "fine")


def test_a_body_without_end_is_not_read_to_its_end(call: Call) -> None:
    answer = rate(call, b'{"rating": 3, "comment": "' + b"x" * 10_000 + b'"}')
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_hostile_comments_are_kept_as_plain_text(call: Call) -> None:
    hostile = "<script>alert(1)</script>'; DROP TABLE voice_call; --\x00\x07\u202eevil\u200b\nsecond line"
    assert rate(call, {"rating": 1, "comment": hostile}).status_code == 204
    assert stored(call) == (1, "<script>alert(1)</script>'; DROP TABLE voice_call; --evil\nsecond line")


def test_a_day_after_the_call_it_is_too_late(call: Call, osteria: Restaurant) -> None:
    def ended(hours: float) -> None:
        with for_restaurant(osteria.pk):
            at = timezone.now() - timedelta(hours=hours)
            Call.objects.filter(pk=call.pk).update(ended_at=at, outcome=Outcome.COMPLETED.value)

    ended(23.9)
    assert rate(call, {"rating": 4}).status_code == 204
    ended(24.1)
    answer = rate(call, {"rating": 1})
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "rating_closed")
    assert stored(call) == (4, "")


def test_only_who_had_the_call_may_rate_it(call: Call, diner: Restaurant) -> None:
    genuine = tokens.resume_token("osteria", str(call.pk))
    others = {
        "nothing": "",
        "forged": genuine[:-1] + ("A" if genuine[-1] != "A" else "B"),
        "the page's token": tokens.page_token("osteria"),
        "of the diner's page": tokens.resume_token("diner", str(call.pk)),
    }
    for name, token in others.items():
        assert rate(call, {"rating": 1}, token=token).status_code == 401, name
    # the osteria's token on the diner's page, and a genuine diner token for a call that isn't the diner's
    assert rate(call, {"rating": 1}, slug="diner", token=genuine).status_code == 401
    assert rate(call, {"rating": 1}, slug="diner").status_code == 404
    assert stored(call) == (None, "")
    assert rate(call, {"rating": 1}, token=genuine).status_code == 204


def test_a_call_gets_so_many_ratings_a_minute(call: Call) -> None:
    answers = [rate(call, {"rating": 3}).status_code for _ in range(RATINGS_PER_MINUTE + 1)]
    assert answers == [204] * RATINGS_PER_MINUTE + [429]

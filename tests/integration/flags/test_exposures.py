"""Each call is decided once, and one row says how; restaurants see their own only."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from flags import services
from flags.declared import VOICE_STREAMING
from flags.models import RestaurantOverride, RolloutExposure, RolloutFlag
from flags.rollout import Reason
from flags.watching import refresh
from restaurants.models import Restaurant
from restaurants.scoping import ScopeError, for_restaurant
from voice.models import Call
from voice.services import OpenedCall, open_call, reopen_call

pytestmark = pytest.mark.django_db


def open_one(slug: str = "osteria") -> OpenedCall:
    return open_call(slug=slug, language="en", engine="scripted", hears={"en"}, captions_only=True)


def test_a_call_is_assigned_once_and_the_row_says_how(osteria: Restaurant, flag: RolloutFlag) -> None:
    refresh()
    opened = open_one()
    services.kill(VOICE_STREAMING, actor="test", reason="later")
    refresh()
    again = reopen_call(slug="osteria", call_id=opened.context.call_id, hears={"en"}, captions_only=True)
    assert (opened.mode, again.mode) == ("streaming", "streaming"), "the call keeps what it was given"
    assert open_one().mode == "batch"
    with for_restaurant(osteria.pk):
        call = Call.objects.get(pk=opened.context.call_id)
        row = RolloutExposure.objects.get(call_id=call.pk)
    assert (call.assigned_mode, call.assigned_reason, call.mode) == ("streaming", "percent", "streaming")
    assert (row.mode, row.reason, row.threshold, row.is_eligible) == ("streaming", Reason.PERCENT, 1.0, False)
    assert row.version > 0


def test_any_doubt_is_batch(osteria: Restaurant) -> None:
    opened = open_one()
    with for_restaurant(osteria.pk):
        assert Call.objects.get(pk=opened.context.call_id).assigned_reason == "stale"
    assert opened.mode == "batch"


def test_an_exposure_that_is_written_twice_stays_the_first(osteria: Restaurant) -> None:
    call_id = uuid4()
    first = services.decide_call(osteria.pk, call_id)
    services.record_exposure(restaurant_id=osteria.pk, call_id=call_id, decision=first)
    services.record_exposure(restaurant_id=osteria.pk, call_id=call_id, decision=first._replace(is_on=True))
    with for_restaurant(osteria.pk):
        assert [row.mode for row in RolloutExposure.objects.all()] == ["batch"]


def test_a_call_that_does_not_open_exposes_nobody(osteria: Restaurant) -> None:
    with transaction.atomic():
        open_one()
        transaction.set_rollback(True)
    with for_restaurant(osteria.pk):
        assert RolloutExposure.objects.count() == 0


def test_strangers_see_neither_exposures_nor_overrides(osteria: Restaurant, diner: Restaurant) -> None:
    open_one()
    later = timezone.now() + timedelta(hours=1)
    services.set_override(
        VOICE_STREAMING, restaurant_id=osteria.pk, force="off", note="echo", expires_at=later, actor="test"
    )
    with for_restaurant(osteria.pk):
        assert RolloutExposure.objects.count() == RestaurantOverride.objects.count() == 1
    with for_restaurant(diner.pk):
        assert RolloutExposure.objects.count() == RestaurantOverride.objects.count() == 0
        with pytest.raises(ScopeError):
            services.remove_override(VOICE_STREAMING, restaurant_id=osteria.pk, actor="test", reason="not mine")
    refresh()
    assert open_one().mode == "batch"
    assert open_one("diner").mode == "streaming"


def test_an_override_says_why(osteria: Restaurant, flag: RolloutFlag) -> None:
    later = timezone.now() + timedelta(hours=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.set_override(
            VOICE_STREAMING, restaurant_id=osteria.pk, force="off", note="", expires_at=later, actor="test"
        )

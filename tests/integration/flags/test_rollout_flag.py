"""The flag in the database and through waffle's own functions."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from waffle import flag_is_active, get_waffle_flag_model

from flags.models import RolloutFlag
from flags.rollout import decide

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_flags_cached(empty_redis: object) -> None:
    """waffle keeps flags in the cache, which outlives a test's transaction."""


def request_of(subject: str) -> HttpRequest:
    request = HttpRequest()
    request.user = AnonymousUser()
    request.rollout_subject = subject  # type: ignore[attr-defined]
    return request


def test_waffle_uses_our_flag_and_takes_a_hundred_percent() -> None:
    assert get_waffle_flag_model() is RolloutFlag
    call_command("waffle_flag", "voice-streaming", "--percent", "100", "--create")
    assert RolloutFlag.objects.get().percent == 100


def test_percent_has_three_places_and_bounds() -> None:
    RolloutFlag(name="fine", percent=Decimal("0.125")).full_clean()
    for wrong in ("-0.001", "100.001"):
        with pytest.raises(ValidationError):
            RolloutFlag(name="wrong", percent=Decimal(wrong)).full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            RolloutFlag.objects.create(name="wrong", percent=Decimal(wrong))


def test_requests_and_calls_agree_and_stick() -> None:
    flag = RolloutFlag.objects.create(name="voice-streaming", percent=Decimal(40))
    for number in range(60):
        subject = f"session-{number}"
        wanted = decide(flag.state, subject=subject).is_on
        assert {bool(flag_is_active(request_of(subject), "voice-streaming")) for _ in range(3)} == {wanted}


def test_nobody_gets_past_the_kill() -> None:
    member = User.objects.create_superuser("root", password="correct horse battery")
    flag = RolloutFlag.objects.create(name="voice-streaming", everyone=False, percent=Decimal(100), staff=True)
    flag.users.add(member)
    assert flag.is_active_for_user(member) is False
    request = request_of("session-1")
    request.user = member
    assert not flag_is_active(request, "voice-streaming")


def test_superusers_see_what_customers_see() -> None:
    root = User.objects.create_superuser("root", password="correct horse battery")
    assert not RolloutFlag.objects.create(name="voice-streaming").is_active_for_user(root)


def test_every_flag_has_its_own_lasting_salt() -> None:
    first, second = (RolloutFlag.objects.create(name=name) for name in ("one", "two"))
    assert len(first.salt) == 32
    assert first.salt != second.salt
    salt = first.salt
    first.name = "renamed"
    first.save()
    first.refresh_from_db()
    assert first.salt == salt

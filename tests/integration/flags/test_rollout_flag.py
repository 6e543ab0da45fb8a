"""The flag in the database and through waffle's own functions."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest
from django.template import engines
from django.utils import timezone
from waffle import flag_is_active, get_waffle_flag_model

from flags import services
from flags.declared import VOICE_STREAMING
from flags.models import RolloutEvent, RolloutFlag, StaleFlag
from flags.snapshot import store
from flags.testing import override
from flags.watching import refresh
from restaurants.models import Restaurant

pytestmark = pytest.mark.django_db


def request_of(subject: str, restaurant_id: int = 0) -> HttpRequest:
    request = HttpRequest()
    request.user = AnonymousUser()
    request.rollout_subject = subject  # type: ignore[attr-defined]
    request.rollout_restaurant_id = restaurant_id  # type: ignore[attr-defined]
    return request


def test_waffle_uses_our_flag_and_takes_a_hundred_percent() -> None:
    assert get_waffle_flag_model() is RolloutFlag
    call_command("waffle_flag", "another", "--percent", "100", "--create")
    assert RolloutFlag.objects.get(name="another").percent == 100


def test_the_declared_flag_is_there_with_the_percentage_of_the_environment(flag: RolloutFlag) -> None:
    assert (flag.percent, flag.everyone, flag.owner) == (100, None, "voice")
    services.set_percent(
        VOICE_STREAMING, percent=Decimal(5), actor="test", reason="lower", expected_version=flag.version
    )
    services.ensure_flags()
    flag.refresh_from_db()
    assert flag.percent == 5, "the environment gives the first value only"


def test_percent_has_three_places_and_bounds() -> None:
    RolloutFlag(name="fine", percent=Decimal("0.125")).full_clean()
    for wrong in ("-0.001", "100.001"):
        with pytest.raises(ValidationError):
            RolloutFlag(name="wrong", percent=Decimal(wrong)).full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            RolloutFlag.objects.create(name="wrong", percent=Decimal(wrong))


@pytest.mark.parametrize(
    ("everyone", "percent", "force"),
    [
        (None, 40, None),
        (None, None, None),
        (None, 0, "on"),
        (None, 100, "off"),
        (True, 0, None),
        (True, 0, "off"),
        (False, 100, "on"),
    ],
)
def test_requests_and_calls_agree_and_stick(
    osteria: Restaurant, flag: RolloutFlag, everyone: bool | None, percent: int | None, force: str | None
) -> None:
    RolloutFlag.objects.update(percent=percent, everyone=everyone)
    if force:
        later = timezone.now() + timedelta(hours=1)
        fields = {"restaurant_id": osteria.pk, "note": "trial", "expires_at": later, "actor": "test"}
        services.set_override(VOICE_STREAMING, force=force, **fields)  # type: ignore[arg-type]
    refresh()
    for number in range(60):
        subject = f"session-{number}"
        wanted = services.decide_call(osteria.pk, subject).is_on
        request = request_of(subject, osteria.pk)
        answers = {flag_is_active(request, VOICE_STREAMING) for _ in range(3)}
        assert answers == {wanted}
    assert not hasattr(request, "waffles"), "no cookie is drawn"
    template = engines["django"].from_string("{% load waffle_tags %}{% flag voice_streaming %}on{% endflag %}")
    assert (template.render({"request": request}, request) == "on") is wanted


def test_requests_obey_what_a_test_forces(flag: RolloutFlag) -> None:
    for mode, is_on in (("STREAMING", True), ("BATCH", False)):
        with override(voice_streaming=mode):
            assert flag_is_active(request_of("s"), VOICE_STREAMING) is is_on


def test_without_a_subject_no_percentage_is_gone_by(flag: RolloutFlag) -> None:
    refresh()
    assert flag_is_active(request_of("s"), VOICE_STREAMING)
    assert not flag_is_active(request_of(""), VOICE_STREAMING)
    assert not flag_is_active(SimpleNamespace(), VOICE_STREAMING)  # type: ignore[arg-type]


def test_asking_needs_neither_database_nor_cache(
    flag: RolloutFlag, django_assert_num_queries: object, settings: object
) -> None:
    refresh()
    settings.CACHES = {"waffle": {"BACKEND": "nowhere"}}  # type: ignore[attr-defined]
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert flag_is_active(request_of("s"), VOICE_STREAMING)


def test_nobody_gets_past_the_kill(flag: RolloutFlag, person: User, osteria: Restaurant) -> None:
    flag.users.add(person)
    RolloutFlag.objects.update(everyone=True)
    refresh()
    before = RolloutFlag.objects.get(pk=flag.pk)
    assert before.is_active_for_user(person)
    services.kill(VOICE_STREAMING, actor=person, reason="gaps")
    assert not RolloutFlag.objects.get(pk=flag.pk).is_active_for_user(person), "before this process has heard of it"
    refresh()
    assert not before.is_active_for_user(person), "nor by an old row"
    request = request_of("session-1", osteria.pk)
    request.user = person
    assert not flag_is_active(request, VOICE_STREAMING)


def test_people_are_not_targeted(flag: RolloutFlag) -> None:
    for field in ("staff", "superusers", "authenticated", "testing"):
        with pytest.raises(IntegrityError), transaction.atomic():
            RolloutFlag.objects.update(**{field: True})


def test_only_a_person_clears_a_kill(flag: RolloutFlag, person: User) -> None:
    services.kill(VOICE_STREAMING, actor=person, reason="gaps in the audio", mode="hard")
    killed = RolloutFlag.objects.get(pk=flag.pk)
    attempts = (
        lambda: RolloutFlag.objects.update(everyone=None),
        lambda: RolloutFlag.objects.filter(pk=flag.pk).update(everyone=True),
        lambda: call_command("waffle_flag", VOICE_STREAMING, "--everyone"),
        lambda: connection.cursor().execute("UPDATE flags_rolloutflag SET everyone = NULL"),
        lambda: RolloutFlag.objects.filter(pk=flag.pk).delete(),
    )
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    with pytest.raises(services.FlagKilled):
        services.set_percent(
            VOICE_STREAMING, percent=Decimal(5), actor="guard", reason="ramp", expected_version=killed.version
        )
    person.is_active = False
    with pytest.raises(services.FlagKilled):
        services.release(VOICE_STREAMING, actor=person, reason="dismissed since")
    person.is_active = True
    released = services.release(VOICE_STREAMING, actor=person, reason="fixed")
    assert (released.everyone, released.percent, released.epoch) == (None, 100, flag.epoch + 1)
    services.kill(VOICE_STREAMING, actor="guard", reason="again")
    with pytest.raises(IntegrityError), transaction.atomic():
        RolloutFlag.objects.update(everyone=None)  # the earlier release lets nothing else through


def test_a_person_may_lower_the_percentage_before_releasing(flag: RolloutFlag, person: User) -> None:
    killed = services.kill(VOICE_STREAMING, actor=person, reason="gaps")
    services.set_percent(
        VOICE_STREAMING, percent=Decimal(5), actor=person, reason="carefully", expected_version=killed.version
    )
    assert services.release(VOICE_STREAMING, actor=person, reason="fixed").percent == 5


def test_a_drain_may_turn_hard_never_back(flag: RolloutFlag, person: User) -> None:
    for mode, wanted in (("drain", "drain"), ("hard", "hard"), ("drain", "hard")):
        assert services.kill(VOICE_STREAMING, actor=person, reason=mode, mode=mode).kill_mode == wanted


def test_what_was_read_before_a_change_can_not_undo_it(flag: RolloutFlag, person: User) -> None:
    """waffle's lost kill: a job reads the flag, a person kills it, the job saves what it read."""
    refresh()
    stale, asked = RolloutFlag.objects.get(pk=flag.pk), RolloutFlag.get(VOICE_STREAMING)
    services.kill(VOICE_STREAMING, actor=person, reason="gaps")
    stale.percent = Decimal(25)
    with pytest.raises(IntegrityError, match="only a person"), transaction.atomic():
        stale.save()
    stale.everyone = False
    with pytest.raises(OperationalError, match="changed since"), transaction.atomic():
        stale.save()
    with pytest.raises(StaleFlag):
        asked.save()
    with pytest.raises(StaleFlag):
        services.set_percent(
            VOICE_STREAMING, percent=Decimal(25), actor=person, reason="ramp", expected_version=stale.version
        )
    flag.refresh_from_db()
    assert (flag.everyone, flag.percent) == (False, 100)


def test_versions_grow_with_every_way_of_writing(flag: RolloutFlag) -> None:
    flag.percent = Decimal(10)
    flag.save()
    flag.save()
    RolloutFlag.objects.update(percent=20)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE flags_rolloutflag SET percent = 30")
    before = flag.version
    flag.refresh_from_db()
    assert flag.version == before + 2
    with pytest.raises(IntegrityError), transaction.atomic():
        RolloutFlag.objects.update(salt="other")


def test_every_change_says_who_and_why_for_ever(flag: RolloutFlag, person: User) -> None:
    services.kill(VOICE_STREAMING, actor=person, reason="gaps in the audio")
    services.release(VOICE_STREAMING, actor=person, reason="fixed")
    told = [(event.action, event.actor_name, event.reason) for event in RolloutEvent.objects.all()[:2]]
    assert told == [("release", "root", "fixed"), ("kill", "root", "gaps in the audio")]
    newest = RolloutEvent.objects.first()
    assert newest is not None
    assert (newest.before["everyone"], newest.after["everyone"]) == (False, None)
    for rewriting in (
        lambda: RolloutEvent.objects.update(reason="nothing happened"),
        lambda: RolloutEvent.objects.all().delete(),
        lambda: RolloutEvent.objects.create(flag=flag, action="percent", actor_name="x", reason=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rewriting()


def test_every_flag_has_its_own_lasting_salt() -> None:
    first, second = (RolloutFlag.objects.create(name=name) for name in ("one", "two"))
    assert len(first.salt) == 32
    assert first.salt != second.salt
    salt = first.salt
    first.name = "renamed"
    first.save()
    first.refresh_from_db()
    assert first.salt == salt


def test_an_unknown_flag_is_off() -> None:
    refresh()
    assert flag_is_active(request_of("s"), "voice_streeming") is False
    assert store.decide("voice_streeming", restaurant_id=1, subject="s").reason == "missing"

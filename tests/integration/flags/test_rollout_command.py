"""`manage.py rollout`, as an operator types it."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from flags.models import RolloutEvent, RolloutFlag
from restaurants.models import Restaurant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_redis")]


def rollout(*words: str) -> str:
    output = io.StringIO()
    call_command("rollout", *words, stdout=output)
    return output.getvalue()


def test_the_state_is_told(flag: RolloutFlag) -> None:
    assert rollout().startswith("voice_streaming: 100 % of calls\nNo process has reported")


def test_an_operator_kills_lowers_and_releases(flag: RolloutFlag, person: User) -> None:
    why = ("--by", "root", "--reason", "gaps in the audio")
    assert "killed (hard): gaps in the audio" in rollout("kill", *why, "--hard")
    assert "killed (hard)" in rollout("percent", "2.5", *why)
    assert "2.5 % of calls" in rollout("release", *why)
    assert [event.action for event in RolloutEvent.objects.all()[:3]] == ["release", "percent", "kill"]


def test_whoever_may_not_or_says_nothing_is_refused(flag: RolloutFlag, person: User, owner: User) -> None:
    for words in (
        ("kill", "--by", owner.username, "--reason", "mine"),
        ("kill", "--by", "nobody", "--reason", "mine"),
        ("kill", "--by", "root", "--reason", " "),
        ("percent", "101", "--by", "root", "--reason", "more"),
        ("percent", "NaN", "--by", "root", "--reason", "more"),
        ("percent", "half", "--by", "root", "--reason", "more"),
        ("explain", "nowhere", "call"),
    ):
        with pytest.raises(CommandError):
            rollout(*words)
    flag.refresh_from_db()
    assert (flag.everyone, flag.percent) == (None, 100)


def test_a_call_is_explained(osteria: Restaurant, flag: RolloutFlag) -> None:
    assert rollout("explain", "osteria", "a call").startswith("streaming: By percentage: 0.")

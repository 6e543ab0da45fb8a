"""Dead letters are seen by their own restaurant's people, who may try again; by nobody else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from restaurants.models import Restaurant, Role
from tests.cast import hire
from tests.integration.voice.batch.conftest import change, read, recording_of
from voice.models import Call, Recording, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]

LIST = "admin:voice_recording_changelist"


@pytest.fixture
def dead(batch_call: Call, rung: list[str]) -> Recording:
    recording = recording_of(batch_call)
    change(recording, stage=Stage.FAILED, failure="engine_unavailable", hypotheses=[["a secret wish", -1.0, None]])
    rung.clear()
    return recording


def tries_again(user: User, recording: Recording) -> bytes:
    client = Client()
    client.force_login(user)
    action = {"action": "try_again", "_selected_action": [str(recording.pk)]}
    return client.post(reverse(LIST), action, follow=True).content


def sees(user: User, recording: Recording) -> tuple[bool, bool]:
    """(in the list, on its page)"""
    client = Client()
    client.force_login(user)
    listed = client.get(reverse(LIST))
    page = client.get(reverse("admin:voice_recording_change", args=[recording.pk]))
    return b"The recogniser was not there" in listed.content, b"a secret wish" in page.content


def test_its_own_people_see_it_and_nobody_else(
    dead: Recording, owner: User, cook: User, stranger: User, osteria: Restaurant
) -> None:
    assert sees(owner, dead) == (True, True)
    assert sees(hire("ada", osteria, Role.AUDITOR), dead) == (True, True)
    assert sees(cook, dead) == (False, False)
    assert sees(stranger, dead) == (False, False)


def test_a_manager_tries_again(dead: Recording, owner: User, rung: list[str]) -> None:
    assert b"a worker was asked again" in tries_again(owner, dead)
    again = read(dead.call, dead.pk)
    assert (again.stage, again.failure, again.attempts) == (Stage.RECEIVED, "", 0)
    assert rung == [str(dead.pk)]
    assert b"it has not failed" in tries_again(owner, dead)


def test_an_auditor_and_a_stranger_do_not(
    dead: Recording, stranger: User, rung: list[str], osteria: Restaurant
) -> None:
    assert b"your role may not do this" in tries_again(hire("ada", osteria, Role.AUDITOR), dead)
    tries_again(stranger, dead)
    assert read(dead.call, dead.pk).stage == Stage.FAILED
    assert rung == []

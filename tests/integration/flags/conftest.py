from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User

from flags.declared import VOICE_STREAMING
from flags.models import RolloutFlag
from flags.rollout import Snapshot
from flags.snapshot import store


@pytest.fixture(autouse=True)
def _fresh_knowledge() -> Iterator[None]:
    """What this process knew of the tables does not outlive a test."""
    yield
    store.take(Snapshot())
    store.confirmed_at = float("-inf")


@pytest.fixture
def flag(db: None) -> RolloutFlag:
    return RolloutFlag.objects.get(name=VOICE_STREAMING)


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_superuser("root", password="correct horse battery")

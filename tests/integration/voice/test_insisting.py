"""Work that must be done is asked for again while the database is away, and only then."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, OperationalError

from voice.consumers import database
from voice.consumers.database import insist_in_database

pytestmark = pytest.mark.django_db(transaction=True)  # its threads may hold connections of tests before


async def test_it_asks_again_until_the_database_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "FIRST_PAUSE_S", 0.001)
    asked: list[int] = []

    def work(number: int) -> str:
        asked.append(number)
        if len(asked) < 4:
            raise OperationalError("the connection is lost")
        return "done"

    assert await insist_in_database(work, 7) == "done"
    assert asked == [7, 7, 7, 7]


async def test_it_gives_up_after_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE_S", 0.0)

    def work() -> None:
        raise OperationalError("away")

    with pytest.raises(OperationalError):
        await insist_in_database(work)


async def test_what_the_database_refuses_is_not_asked_for_again() -> None:
    asked: list[bool] = []

    def work() -> None:
        asked.append(True)
        raise IntegrityError("never")

    with pytest.raises(IntegrityError):
        await insist_in_database(work)
    assert len(asked) == 1

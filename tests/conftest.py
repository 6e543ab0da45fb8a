"""Fixtures every ring shares. The cast (restaurants and people) lives beside the apps that own it."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests import services
from tests.cast import cook, diner, osteria, owner, stranger

__all__ = ["cook", "diner", "osteria", "owner", "stranger"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_url: str) -> None:
    """Tests that touch the database start PostgreSQL first."""


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Our own server goes away whole; dropping its database first would only wait for connections of other threads."""
    return services.is_postgres_ours or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """waffle makes tables for its own flag although ours is swapped in; Django's flush stumbles over their keys."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS waffle_flag_users, waffle_flag_groups, waffle_flag")


@pytest.fixture
def empty_redis(redis_url: str) -> Iterator["redis.Redis[Any]"]:
    """A client of a Redis that holds nothing of ours. In a server we did not start, only our own keys are removed."""
    with redis.Redis.from_url(redis_url) as client:
        _forget(client)
        yield client
        _forget(client)


def _forget(client: "redis.Redis[Any]") -> None:
    if services.is_redis_ours:
        client.flushdb()
    else:
        for key in client.scan_iter("comanda:*"):
            client.delete(key)

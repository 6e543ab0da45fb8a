"""Fixtures every ring shares. The cast (restaurants and people) lives beside the apps that own it."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_url: str) -> None:
    """Tests that touch the database start PostgreSQL first."""


@pytest.fixture
def empty_redis(redis_url: str) -> Iterator["redis.Redis[Any]"]:
    """A client of a Redis that holds nothing."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
        yield client
        client.flushdb()

"""Redis and PostgreSQL go away in the middle of a call: it goes on, and when they are back nothing is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings
from redis import Redis

from config.embedded import addresses
from config.embedded.redis import EmbeddedRedis
from restaurants.models import Restaurant
from tests.integration.voice.conftest import Caller, call, caller
from tests.integration.voice.test_orders import orders_of
from voice import tokens
from voice.consumers import reception
from voice.consumers.database import in_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own_redis(tmp_path_factory: pytest.TempPathFactory, settings: Settings, redis_url: str) -> Iterator[EmbeddedRedis]:
    """One that may be stopped: it forgets everything then. Calls keep their checkpoints in it."""
    del redis_url  # the channel layer's
    folder: Path = tmp_path_factory.mktemp("r")
    server = EmbeddedRedis(folder, is_throwaway=True)
    server.start()
    server.wait_ready()
    settings.REDIS_URL = addresses.redis_url(folder)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def tests_own_pid(osteria: Restaurant) -> int:
    """Of the connection that cleans up behind the test."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        [pid] = cursor.fetchone()
    return int(pid)


async def come_back(again: Caller, session: str) -> dict[str, Any]:
    return await again.start(tokens.page_token("osteria"), resume=session, audio=False, captions_only=True)


async def has_checkpoints(url: str, key: str) -> None:
    client = Redis.from_url(url)
    try:
        for _ in range(400):
            if await asyncio.to_thread(client.hexists, key, "data"):
                return
            await asyncio.sleep(0.05)
    finally:
        client.close()
    raise AssertionError("the checkpoint was not written again")


async def test_redis_restarted_empty_in_the_middle_of_a_call(
    osteria: Restaurant, own_redis: EmbeddedRedis, settings: Settings
) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = str(one.ready["session"])
        await one.say("two spaghetti with pesto")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        own_redis.stop()
        await one.say("a large lemonade")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 3)  # the call does not wait for it
        own_redis.start()
        await asyncio.to_thread(own_redis.wait_ready)
        [live] = reception.calls.values()
        await has_checkpoints(settings.REDIS_URL, f"comanda:call:{osteria.pk}:{live.call_id}")
        reception.calls.clear()
        async with caller() as again:
            ready = await come_back(again, session)
            assert ready["resumed"] is True
            await again.read("cart", where=lambda m: m["cart"]["units"] == 3)


async def test_without_redis_the_call_is_taken_up_from_the_database(
    osteria: Restaurant, own_redis: EmbeddedRedis
) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = str(one.ready["session"])
        await one.say("two spaghetti with pesto")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        [live] = reception.calls.values()
        own_redis.stop()
        await reception.end_all()
    assert live.runner.is_over
    async with caller() as again:
        ready = await come_back(again, session)
        assert ready["resumed"] is True
        await again.read("cart", where=lambda m: m["cart"]["units"] == 2)


async def test_every_database_connection_is_cut_and_the_order_is_placed(
    osteria: Restaurant, own_redis: EmbeddedRedis, tests_own_pid: int
) -> None:
    async with call(audio=False, captions_only=True) as one:
        await one.say("two spaghetti with pesto")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await in_database(cut_connections, tests_own_pid)
        await one.send("order.review")
        readback = await one.read("readback", where=lambda m: m["open"])
        await in_database(cut_connections, tests_own_pid)
        await one.send("order.confirm", revision=readback["revision"])
        placed = await one.read("order.placed", within=30)
    [stored] = await orders_of(osteria)
    assert stored.number == placed["number"]


def cut_connections(kept_pid: int) -> None:
    """As a restart of the server does, for every connection but this one and the test's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            " and pid not in (pg_backend_pid(), %s) and backend_type = 'client backend'",
            [kept_pid],
        )

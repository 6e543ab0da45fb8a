"""What a fault may do to the house, from the customers' event loop."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

import psycopg

from benchmarks.faults_engine import FAULT_FILE
from benchmarks.faults_house import House

READY_S: Final = 90.0
AT_WORK_S: Final = 12.0
ASK_EVERY_S: Final = 0.2


class Control:
    def __init__(self, house: House) -> None:
        self._house = house

    def any_of(self, kind: str, chance: random.Random) -> str:
        return chance.choice(self.all_of(kind))

    def all_of(self, kind: str) -> list[str]:
        return [name for name in self._house.parts if name.startswith(kind)]

    async def kill(self, name: str, number: signal.Signals) -> None:
        await asyncio.wrap_future(self._house.ask(lambda: self._house.kill(name, number)))

    async def restart_redis(self, *, with_data: bool) -> None:
        await asyncio.wrap_future(self._house.ask(lambda: self._house.restart_redis(with_data=with_data)))

    async def restart_postgres(self) -> None:
        await asyncio.wrap_future(self._house.ask(self._house.restart_postgres))

    def set_provider(self, fault: str) -> None:
        (self._house.folder / FAULT_FILE).write_text(fault)

    async def kill_streaming(self, mode: str) -> None:
        await asyncio.to_thread(_kill_streaming, mode)

    async def release_streaming(self) -> None:
        await asyncio.to_thread(_release_streaming)

    async def use_batch_at(self, slug: str) -> None:
        await asyncio.to_thread(_use_batch_at, slug)

    async def until_something_is_transcribed(self) -> None:
        """Or until a while has passed: the blow falls anyway."""
        await asyncio.to_thread(self._watch_for_work)

    def _watch_for_work(self) -> None:
        from config.embedded.addresses import database_url

        deadline_s = time.monotonic() + AT_WORK_S
        with psycopg.connect(database_url(self._house.folder), autocommit=True) as database:
            while time.monotonic() < deadline_s:
                if database.execute("SELECT 1 FROM voice_recording WHERE stage = 'transcribing'").fetchone():
                    return
                time.sleep(0.01)

    async def ready(self) -> None:
        """Every process is there and sees every part. raises: TimeoutError"""
        async with asyncio.timeout(READY_S):
            for port in self._house.ports:
                await _until(lambda port=port: _is_ready(port))  # type: ignore[misc]  # bound now
            await _until(self._are_workers_here)

    def _are_workers_here(self) -> bool:
        """Each has reported since it was started."""
        import redis
        from django.conf import settings

        from config.worker_heartbeat import EVERY_S, KEY

        with suppress(redis.RedisError), redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1.0) as client:
            seen = client.zrangebyscore(KEY, time.time() - 1.5 * EVERY_S, "+inf")
            return len(seen) >= len(self.all_of("worker"))
        return False


async def _until(is_so: Callable[[], bool]) -> None:
    """Asks in a thread."""
    while True:
        if await asyncio.to_thread(is_so):
            return
        await asyncio.sleep(ASK_EVERY_S)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3) as answer:
            return bool(json.load(answer)["status"] == "ready")
    except (OSError, ValueError, urllib.error.HTTPError):
        return False


def _kill_streaming(mode: str) -> None:
    from flags.declared import VOICE_STREAMING
    from flags.services import kill

    kill(VOICE_STREAMING, actor="faults benchmark", reason="a fault is tried out", mode=mode)
    _done_with_database()


def _release_streaming() -> None:
    from django.contrib.auth.models import User

    from flags.declared import VOICE_STREAMING
    from flags.services import release

    release(VOICE_STREAMING, actor=User.objects.get(is_superuser=True), reason="the fault is over")
    _done_with_database()


def _use_batch_at(slug: str) -> None:
    from django.utils import timezone

    from flags.declared import VOICE_STREAMING
    from flags.models import Force
    from flags.services import set_override
    from restaurants.selectors import get_restaurant_by_slug

    set_override(
        VOICE_STREAMING,
        restaurant_id=get_restaurant_by_slug(slug).pk,
        force=Force.OFF,
        note="calls of the benchmark that record",
        expires_at=timezone.now() + timedelta(hours=12),
        actor="faults benchmark",
    )
    _done_with_database()


def _done_with_database() -> None:
    from django.db import connections

    connections.close_all()

"""/healthz: this process turns its event loop. /readyz: it could take an order now, and if not, which part is missing.

Both are answered at the ASGI level: no middleware, no ORM thread, no host check, so probes ask by address and a busy
process still tells the truth. Every check has a deadline.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from django.conf import settings
from django.db import connections
from redis import asyncio as aioredis
from redis.exceptions import RedisError

from config import worker_heartbeat
from config.asgi_types import Receive, Scope, Send
from flags import snapshot
from voice.engines import registry

CHECK_DEADLINE_S = 1.5
REUSE_S = 0.5  # answers this fresh are shared, so that probing hard costs nothing


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One part of the house. `age_s`: how old the evidence is; None: there never was any."""

    is_up: bool
    detail: str
    age_s: float | None = 0.0

    def as_json(self) -> dict[str, Any]:
        return {"status": "up" if self.is_up else "down", "detail": self.detail, "age_s": self.age_s}


async def database_status() -> PartStatus:
    """Asks through a connection of its own: a pool whose connections are all in use is busy, not down."""
    parameters = connections["default"].get_connection_params()
    wanted = {name: value for name, value in parameters.items() if name not in {"pool", "cursor_factory", "context"}}
    connection = await psycopg.AsyncConnection.connect(**wanted)
    try:
        found = await connection.execute(
            "SELECT to_regclass('orders_order') IS NOT NULL, current_setting('transaction_read_only') = 'off'"
        )
        has_tables, is_writable = await found.fetchone() or (False, False)
    finally:
        await connection.close()
    if not has_tables:
        return PartStatus(is_up=False, detail="is not migrated")
    if not is_writable:
        return PartStatus(is_up=False, detail="takes no writes")
    return PartStatus(is_up=True, detail="takes orders")


async def redis_status() -> PartStatus:
    async with aioredis.Redis.from_url(settings.REDIS_URL) as client:
        await client.ping()
    return PartStatus(is_up=True, detail="answers pings")


async def worker_status() -> PartStatus:
    async with aioredis.Redis.from_url(settings.REDIS_URL) as client:
        newest = await client.zrange(worker_heartbeat.KEY, 0, 0, desc=True, withscores=True)
    if not newest:
        return PartStatus(is_up=False, detail="no Celery worker has reported", age_s=None)
    age_s = round(max(0.0, time.time() - float(newest[0][1])), 1)
    if age_s > worker_heartbeat.SILENT_AFTER_S:
        return PartStatus(is_up=False, detail="the Celery worker has fallen silent", age_s=age_s)
    return PartStatus(is_up=True, detail="consumes tasks", age_s=age_s)


async def engine_status() -> PartStatus:
    status = registry.engine_status()
    return PartStatus(is_up=status.is_ready, detail=f"{status.name}: {status.detail}".removesuffix(": "))


async def rollout_status() -> PartStatus:
    """Up once the tables were read: before that every call is batch. Old knowledge is no reason to take no orders."""
    status = snapshot.status()
    if status.age_s == float("inf"):
        return PartStatus(is_up=False, detail="was never read", age_s=None)
    return PartStatus(is_up=True, detail=f"at v{status.version}", age_s=round(status.age_s, 1))


CHECKS: dict[str, Callable[[], Awaitable[PartStatus]]] = {
    "database": database_status,
    "redis": redis_status,
    "worker": worker_status,
    "engine": engine_status,
    "rollout": rollout_status,
}


async def checked(check: Callable[[], Awaitable[PartStatus]]) -> PartStatus:
    """The check's answer within the deadline. Details never carry addresses or credentials."""
    try:
        async with asyncio.timeout(CHECK_DEADLINE_S):
            return await check()
    except TimeoutError:
        return PartStatus(is_up=False, detail=f"no answer in {CHECK_DEADLINE_S} s", age_s=None)
    except (OSError, psycopg.Error, RedisError) as error:
        return PartStatus(is_up=False, detail=f"unreachable ({type(error).__name__})", age_s=None)


class Readiness:
    """Runs all checks side by side; callers that come together share one round."""

    def __init__(self, checks: dict[str, Callable[[], Awaitable[PartStatus]]]) -> None:
        self._checks = checks
        self._round: asyncio.Task[dict[str, PartStatus]] | None = None
        self._finished_at = float("-inf")

    async def report(self) -> dict[str, PartStatus]:
        if self._round is None or (self._round.done() and time.monotonic() - self._finished_at > REUSE_S):
            self._round = asyncio.create_task(self._run())
        return await asyncio.shield(self._round)

    async def _run(self) -> dict[str, PartStatus]:
        results = await asyncio.gather(*(checked(check) for check in self._checks.values()))
        self._finished_at = time.monotonic()
        return dict(zip(self._checks, results, strict=True))


readiness = Readiness(CHECKS)


async def healthz(scope: Scope, receive: Receive, send: Send) -> None:
    await _answer(send, 200, {"status": "up"})


async def readyz(scope: Scope, receive: Receive, send: Send) -> None:
    parts = await readiness.report()
    is_ready = all(part.is_up for part in parts.values())
    body = {
        "status": "ready" if is_ready else "not ready",
        "parts": {name: part.as_json() for name, part in parts.items()},
    }
    await _answer(send, 200 if is_ready else 503, body)


async def _answer(send: Send, status: int, body: dict[str, Any]) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": orjson.dumps(body), "more_body": False})

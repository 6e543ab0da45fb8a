"""Keeps this process's snapshot current: LISTEN on a connection of its own, and a poll for what a notification missed.

One task in the web server's event loop (`watch`), one thread elsewhere (`watch_in_thread`). A database that is away is
asked again until it is back; meanwhile the snapshot grows old, and old enough it stops new streaming calls.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import psycopg
from django.db import connections

from flags import presence
from flags.models import Force
from flags.rollout import FlagState, KillMode, OverrideState, Snapshot
from flags.snapshot import SnapshotStore, store

logger = logging.getLogger(__name__)

CHANNEL = "comanda_rollout"
POLL_EVERY_S = 5.0
ANSWER_WITHIN_S = 3.0
KEEP_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 8000}
FIRST_RETRY_S, LONGEST_RETRY_S = 0.2, 5.0

Connection = psycopg.AsyncConnection[tuple[Any, ...]]

# One statement, so that version and rows belong together. Every restaurant's rules: a process serves them all.
READ = """
SELECT coalesce((SELECT version FROM flags_rolloutversion WHERE id = 1), 0),
  (SELECT coalesce(json_agg(flag), '[]')::text FROM (
    SELECT name, salt, everyone, percent::text, version, epoch, kill_mode, kill_reason FROM flags_rolloutflag) flag),
  (SELECT coalesce(json_agg(own), '[]')::text FROM (
    SELECT flag.name AS flag, rule.restaurant_id, rule.force, rule.percent::text,
      extract(epoch FROM rule.expires_at)::float8 AS expires_at
    FROM flags_restaurantoverride rule JOIN flags_rolloutflag flag ON flag.id = rule.flag_id
    WHERE rule.expires_at > now()) own)
"""
READ_VERSION = "SELECT coalesce((SELECT version FROM flags_rolloutversion WHERE id = 1), 0)"


async def watch(kind: str, into: SnapshotStore = store) -> None:
    """Until cancelled. `kind`: what this process is ("web", "worker"), for whoever looks at all of them."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_keep_following(into))
        tasks.create_task(presence.keep_reporting(kind, into))


def watch_in_thread(kind: str, into: SnapshotStore = store) -> threading.Thread:
    """Ends with the process. Never before a fork: a connection belongs to one process."""
    thread = threading.Thread(target=lambda: asyncio.run(watch(kind, into)), name="rollout-watch", daemon=True)
    thread.start()
    return thread


def refresh(into: SnapshotStore = store) -> None:
    """Once, through Django's own connection: for commands and tests, which do not watch."""
    read_at = time.monotonic()
    with connections["default"].cursor() as cursor:
        cursor.execute(READ)
        version, flags, overrides = cursor.fetchone()
    into.take(snapshot_of(version, json.loads(flags), json.loads(overrides)), read_at=read_at)


async def _keep_following(into: SnapshotStore) -> None:
    retry_s = FIRST_RETRY_S
    while True:
        known_since = into.confirmed_at
        try:
            await _follow(into)
        except (psycopg.Error, OSError, TimeoutError) as error:
            logger.warning("rollout tables unreachable (%s); asked again", type(error).__name__)
        except Exception:
            logger.exception("watching the rollout tables failed; asked again")
        retry_s = FIRST_RETRY_S if into.confirmed_at > known_since else min(2 * retry_s, LONGEST_RETRY_S)
        await asyncio.sleep(retry_s)


async def _follow(into: SnapshotStore) -> None:
    async with asyncio.timeout(ANSWER_WITHIN_S):
        connection: Connection = await psycopg.AsyncConnection.connect(**_address(), autocommit=True)
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await connection.execute(f"LISTEN {CHANNEL}")
            await _read(connection, into)
        while True:
            is_told = False
            async for _told in connection.notifies(timeout=POLL_EVERY_S, stop_after=1):
                is_told = True
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await (_read if is_told else _poll)(connection, into)
    finally:
        with suppress(psycopg.Error, OSError):
            await connection.close()


async def _read(connection: Connection, into: SnapshotStore) -> None:
    read_at = time.monotonic()
    row = await (await connection.execute(READ)).fetchone()
    assert row is not None
    into.take(snapshot_of(row[0], json.loads(row[1]), json.loads(row[2])), read_at=read_at)


async def _poll(connection: Connection, into: SnapshotStore) -> None:
    read_at = time.monotonic()
    row = await (await connection.execute(READ_VERSION)).fetchone()
    assert row is not None
    if row[0] == into.current().version:
        into.confirm(read_at=read_at)
    else:
        await _read(connection, into)


def snapshot_of(version: int, flags: list[Mapping[str, Any]], overrides: list[Mapping[str, Any]]) -> Snapshot:
    return Snapshot(
        version,
        {
            row["name"]: FlagState(
                salt=row["salt"],
                everyone=row["everyone"],
                percent=_percent(row["percent"]),
                version=row["version"],
                epoch=row["epoch"],
                kill_mode=KillMode(row["kill_mode"] or KillMode.DRAIN),
                kill_reason=row["kill_reason"],
            )
            for row in flags
        },
        {
            (row["flag"], row["restaurant_id"]): OverrideState(
                force={Force.ON: True, Force.OFF: False}.get(row["force"]),
                percent=_percent(row["percent"]),
                expires_at=row["expires_at"],
            )
            for row in overrides
        },
    )


def _percent(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _address() -> dict[str, Any]:
    """Django's database, past its pool: LISTEN holds a connection for as long as the process lives.

    A network that went away in silence is noticed in seconds, not when the kernel would (hours).
    """
    parameters = connections["default"].get_connection_params()
    wanted = {name: value for name, value in parameters.items() if name not in {"pool", "cursor_factory", "context"}}
    return KEEP_ALIVE | wanted | {"application_name": "comanda-rollout"}

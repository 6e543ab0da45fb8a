"""Which processes know which version of the rollout tables: each says so in Redis, and whoever asks reads all."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import time
from dataclasses import dataclass

import redis
from django.conf import settings
from redis import asyncio as aioredis
from redis.exceptions import RedisError

from flags.snapshot import SnapshotStore

logger = logging.getLogger(__name__)

KEY = "comanda:rollout:processes"  # hash: process → what it last said
SAY_EVERY_S = 5.0
CHANGES_NOTICED_S = 0.2
FORGOTTEN_AFTER_S = 15.0
NEVER = -1.0


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One process. `age_s`: since the tables were known to be at `version`; None when they never were read."""

    name: str
    kind: str
    version: int
    age_s: float | None


async def keep_reporting(kind: str, of: SnapshotStore) -> None:
    """Until cancelled. Redis being away is no reason to stop, nor to be late with anything else."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    said, due_at = -1, 0.0
    async with aioredis.Redis.from_url(settings.REDIS_URL, socket_timeout=1.0, socket_connect_timeout=1.0) as client:
        while True:
            status = of.status()
            if status.version != said or time.monotonic() >= due_at:
                confirmed_at = NEVER if status.age_s == float("inf") else time.time() - status.age_s
                facts = {"kind": kind, "version": status.version, "confirmed_at": confirmed_at, "at": time.time()}
                try:
                    await client.hset(KEY, name, json.dumps(facts))
                    said = status.version
                except (RedisError, OSError) as error:
                    logger.info("rollout status not reported: %s", type(error).__name__)
                due_at = time.monotonic() + SAY_EVERY_S
            await asyncio.sleep(CHANGES_NOTICED_S)


def list_processes() -> list[ProcessStatus]:
    """Those that spoke within 15 s, by name; the others are forgotten. Empty while Redis is away."""
    now = time.time()
    found, gone = [], []
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1.0, socket_connect_timeout=1.0) as client:
            for name, text in client.hgetall(KEY).items():
                facts = json.loads(text)
                if now - facts["at"] > FORGOTTEN_AFTER_S:
                    gone.append(name)
                    continue
                age_s = None if facts["confirmed_at"] == NEVER else max(0.0, now - facts["confirmed_at"])
                found.append(ProcessStatus(name.decode(), facts["kind"], facts["version"], age_s))
            if gone:
                client.hdel(KEY, *gone)
    except RedisError as error:
        logger.warning("rollout status of processes unknown: %s", type(error).__name__)
    return sorted(found, key=lambda one: one.name)

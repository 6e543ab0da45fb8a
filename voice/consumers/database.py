"""Database work of calls: in threads of its own, so that none waits for Django's one thread behind another's query."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 8  # of the pool's 16 connections; pages use the rest
_executor = ThreadPoolExecutor(THREADS, thread_name_prefix="call-database")


async def in_database(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    result: R = await database_sync_to_async(work, thread_sensitive=False, executor=_executor)(*args, **kwargs)
    return result

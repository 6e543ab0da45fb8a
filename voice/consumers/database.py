"""Database work of calls: in threads of its own, so that none waits for Django's one thread behind another's query."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 8  # of the pool's 16 connections; pages use the rest
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 4.0
PATIENCE_S = 30.0  # a database that starts again
_executor = ThreadPoolExecutor(THREADS, thread_name_prefix="call-database")


async def in_database(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    result: R = await database_sync_to_async(work, thread_sensitive=False, executor=_executor)(*args, **kwargs)
    return result


async def insist_in_database(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """For what may be done twice and must be done once: asks again while the database cannot be reached.

    raises: OperationalError, InterfaceError after PATIENCE_S
    """
    until_s, pause_s = asyncio.get_running_loop().time() + PATIENCE_S, FIRST_PAUSE_S
    while True:
        try:
            return await in_database(work, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if asyncio.get_running_loop().time() + pause_s > until_s:
                raise
            logger.warning("The database is away (%s); asking again in %.2g s", type(error).__name__, pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

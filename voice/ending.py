"""Ending tasks for certain."""

from __future__ import annotations

import asyncio
from typing import Any

AGAIN_AFTER_S = 2.0  # long enough for a task to clean up behind itself


async def end_tasks(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancels and waits until all are done. Their errors have been told elsewhere, or are nobody's any more.

    Once is not enough: Python 3.11's `wait_for`, which clients of databases and brokers use, swallows a cancellation
    that comes just as its work is done.
    """
    left = {task for task in tasks if task is not None}
    while left:
        for task in left:
            task.cancel()
        done, left = await asyncio.wait(left, timeout=AGAIN_AFTER_S)
        for task in done:
            if not task.cancelled():
                task.exception()

"""Slow work of a call beside its events: one-off errands, and turns saved one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from voice.call_metrics import CallMetrics
from voice.dialog.effects import SaveTurn
from voice.ending import end_tasks

logger = logging.getLogger(__name__)

MAX_SAVES = 256


class Errands:
    """Errors are logged and counted; they never reach the call."""

    def __init__(self, save: Callable[[SaveTurn], Awaitable[None]], *, metrics: CallMetrics) -> None:
        self._save = save
        self._metrics = metrics
        self._saves: asyncio.Queue[SaveTurn] = asyncio.Queue(MAX_SAVES)
        self._saver: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._saver = asyncio.create_task(self._save_turns(), name="saves")

    def run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(self.guard(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def save_turn(self, effect: SaveTurn) -> None:
        if self._saves.full():  # the database has been away for hundreds of turns: the newest matter more
            self._saves.get_nowait()
            self._saves.task_done()
            self._metrics.count("saves_dropped")
        self._saves.put_nowait(effect)
        self._metrics.depth("saves", self._saves.qsize())

    async def guard(self, work: Awaitable[None], name: str) -> None:
        try:
            await work
        except Exception:
            self._metrics.count("edge_failures")
            logger.exception("Could not %s", name)

    async def finish(self, timeout_s: float) -> None:
        """Waits for what is under way, then ends everything."""
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.gather(*self._tasks, self._saves.join())
        except TimeoutError:
            logger.warning("A call ended with %d turns not saved", self._saves.qsize())
        finally:
            await end_tasks(self._saver, *self._tasks)

    async def _save_turns(self) -> None:
        while True:
            effect = await self._saves.get()
            await self.guard(self._save(effect), "save a turn")
            self._saves.task_done()

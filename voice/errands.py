"""Slow work of a call beside its events: one-off errands, and turns saved one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from voice.call_metrics import CallMetrics
from voice.dialog.effects import SaveTurn
from voice.ending import end_tasks

logger = logging.getLogger(__name__)

MAX_SAVES = 256
MAX_ATTEMPTS = 12  # of one turn: with the pauses between them about a minute, a database that starts again
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 8.0
LAST_PAUSE_S = 0.5  # when the call is over, and the time for its last words is short


@dataclass(slots=True)
class _Save:
    effect: SaveTurn
    failures: int = 0


class Errands:
    """Errors are logged and counted; they never reach the call. A turn that could not be saved is tried again."""

    def __init__(self, save: Callable[[SaveTurn], Awaitable[None]], *, metrics: CallMetrics) -> None:
        self._save = save
        self._metrics = metrics
        self._saves: asyncio.Queue[_Save] = asyncio.Queue(MAX_SAVES)
        self._is_last_call = asyncio.Event()
        self._saver: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._saver = asyncio.create_task(self._save_turns(), name="saves")

    def run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(self.guard(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def save_turn(self, effect: SaveTurn) -> None:
        self._put(_Save(effect))
        self._metrics.depth("saves", self._saves.qsize())

    async def guard(self, work: Awaitable[None], name: str) -> None:
        try:
            await work
        except Exception:
            self._metrics.count("edge_failures")
            logger.exception("Could not %s", name)

    async def finish(self, timeout_s: float) -> None:
        """Waits for what is under way, then ends everything."""
        self._is_last_call.set()
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.gather(*self._tasks, self._saves.join())
        except TimeoutError:
            logger.warning("A call ended with %d turns not saved", self._saves.qsize())
        finally:
            await end_tasks(self._saver, *self._tasks)

    async def _save_turns(self) -> None:
        """One that fails goes to the end of the queue, so that no turn stands in the way of the others."""
        failures_in_a_row = 0
        while True:
            save = await self._saves.get()
            if await self._has_saved(save):
                failures_in_a_row = 0
            else:
                failures_in_a_row += 1
                await self._pause(failures_in_a_row)
                if save.failures < MAX_ATTEMPTS:
                    self._put(save)
                else:
                    self._metrics.count("turns_not_saved")
            self._saves.task_done()

    async def _has_saved(self, save: _Save) -> bool:
        try:
            await self._save(save.effect)
        except Exception as error:  # noqa: BLE001  # the database's, the network's, ours: the turn is kept either way
            save.failures += 1
            self._metrics.count("save_failures")
            level = logging.ERROR if save.failures == MAX_ATTEMPTS else logging.WARNING
            turn = save.effect.record.turn
            logger.log(level, "Turn %d could not be saved (attempt %d): %s", turn, save.failures, error)
            return False
        return True

    async def _pause(self, failures_in_a_row: int) -> None:
        if self._is_last_call.is_set():
            await asyncio.sleep(LAST_PAUSE_S)
            return
        pause_s = min(FIRST_PAUSE_S * 2 ** (failures_in_a_row - 1), LONGEST_PAUSE_S)
        try:
            async with asyncio.timeout(pause_s):
                await self._is_last_call.wait()
        except TimeoutError:
            return

    def _put(self, save: _Save) -> None:
        if self._saves.full():  # the database has been away for hundreds of turns: the newest matter more
            self._saves.get_nowait()
            self._saves.task_done()
            self._metrics.count("saves_dropped")
        self._saves.put_nowait(save)

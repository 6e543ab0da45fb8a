"""Writes a call's checkpoint soon after anything worth keeping: one write for all that one turn changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from voice import checkpoints
from voice.checkpoints import Checkpoint, RedisError
from voice.ending import end_tasks

logger = logging.getLogger(__name__)

AFTER_S = 0.05


class Keeper:
    """`take` gives where the call stands, None in the middle of an event; `taken_over`: somebody else owns it now."""

    def __init__(self, owner: str, *, take: Callable[[], Checkpoint | None], taken_over: Callable[[], None]) -> None:
        self._owner = owner
        self._take = take
        self._taken_over = taken_over
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        self.kept: Checkpoint | None = None
        self.is_current = False  # nothing worth keeping has happened since

    def soon(self) -> None:
        self.is_current = False
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(AFTER_S, self._start)

    async def keep(self) -> None:
        if await self._write() is None:
            self.soon()

    async def keep_first(self) -> bool:
        """Before what must not be done twice. False: somebody else owns the call, and it is not ours to do."""
        while True:
            is_kept = await self._write()
            if is_kept is not None:
                return is_kept
            await asyncio.sleep(0)  # events that came just now are handled first

    async def forget(self, restaurant_id: int, call_id: str) -> bool:
        """The call is over. False: another process has it, and it is not ours to close."""
        try:
            return await checkpoints.forget(restaurant_id, call_id, owner=self._owner)
        except (RedisError, OSError):
            return True  # without Redis nobody else can have taken it

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await end_tasks(self._task)

    def _start(self) -> None:
        self._timer = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self.keep(), name="checkpoint")
        else:
            self.soon()

    async def _write(self) -> bool | None:
        """One at a time, so that no older checkpoint lands on a newer one. False: taken over; None: not just now."""
        async with self._writing:
            checkpoint = self._take()
            if checkpoint is None:
                return None
            self.is_current = True
            try:
                is_ours = await checkpoints.write(checkpoint, owner=self._owner)
            except (RedisError, OSError):
                self.is_current = False
                logger.warning("The checkpoint of call %s could not be written", checkpoint.call_id)
                return True  # nobody can take over without Redis either
        if is_ours:
            self.kept = checkpoint
        else:
            self._taken_over()
        return is_ours

"""Writes a call's checkpoint soon after anything worth keeping: one write for all that one turn changes.

In between, with every second of audio, only how far it was heard: `Marks` gathers that for all calls of the process.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from voice import checkpoints
from voice.checkpoints import Checkpoint, Mark, Marked, RedisError
from voice.consumers.marks import Marks
from voice.ending import end_tasks

logger = logging.getLogger(__name__)

AFTER_S = 0.05
AGAIN_S = 1.0  # while Redis is away
MARK_EVERY_MS = 1_000


class Kept(Protocol):
    """The call, as its keeper sees it."""

    def checkpoint(self) -> Checkpoint | None:
        """Where the call stands; None in the middle of an event."""
        ...

    def safe_seq(self) -> int:
        """The first audio frame that may still be needed, by what the core knows now."""
        ...

    def words(self) -> object:
        """What the core has made of audio without telling anybody; compared by value."""
        ...

    def taken_over(self) -> None:
        """Somebody else owns the call now."""
        ...


class Keeper:
    """`takes_over`: the call was rebuilt, and whoever still has an older hold on it is to lose it."""

    def __init__(
        self,
        call: Kept,
        *,
        owner: str,
        restaurant_id: int,
        call_id: str,
        first_seq: int = 0,
        takes_over: bool = False,
    ) -> None:
        self._call = call
        self._owner = owner
        self._restaurant_id = restaurant_id
        self._call_id = call_id
        self._next_seq = first_seq
        self._takes_over = takes_over
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        self._changes = 0
        self._kept_changes = -1
        self._kept_words: object = None
        self._marked_ms = 0.0
        self._is_away = False  # Redis
        self._is_closed = False

    @property
    def is_current(self) -> bool:
        """Nothing worth keeping has happened since the last checkpoint."""
        return self._changes == self._kept_changes and self._call.words() == self._kept_words

    @property
    def next_seq(self) -> int:
        """Audio below this frame is in the checkpoint, or was silence since: the page may forget it."""
        if self.is_current:
            self._next_seq = max(self._next_seq, self._call.safe_seq())
        return self._next_seq

    def soon(self) -> None:
        self._changes += 1
        self._later(AFTER_S)

    def heard(self, position_ms: float) -> None:
        """So much audio has come in."""
        if position_ms - self._marked_ms >= MARK_EVERY_MS:
            self._marked_ms = position_ms
            self.mark()

    def mark(self) -> None:
        """Cheap: only how far was heard, unless more has happened. Finds out, too, when Redis has lost the call."""
        if self._is_away or not self.is_current:
            self._later(AFTER_S)
        else:
            mark = Mark(self._restaurant_id, self._call_id, self._owner, self.next_seq)
            Marks.of_this_loop().put(mark, self._marked)

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

    async def forget(self) -> bool:
        """The call is over. False: another process has it, and it is not ours to close."""
        try:
            return await checkpoints.forget(self._restaurant_id, self._call_id, owner=self._owner)
        except (RedisError, OSError):
            return True  # without Redis nobody else can have taken it

    async def close(self) -> None:
        self._is_closed = True
        Marks.of_this_loop().drop(self._call_id)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await end_tasks(self._task)

    def _later(self, after_s: float) -> None:
        if self._timer is None and not self._is_closed:
            self._timer = asyncio.get_running_loop().call_later(after_s, self._start)

    def _start(self) -> None:
        self._timer = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self.keep(), name="checkpoint")
        else:
            self._later(AFTER_S)

    async def _write(self) -> bool | None:
        """One at a time, so that no older checkpoint lands on a newer one. False: taken over; None: not just now."""
        async with self._writing:
            changes, words = self._changes, self._call.words()
            checkpoint = self._call.checkpoint()
            if checkpoint is None:
                return None
            try:
                is_ours = await checkpoints.write(checkpoint, owner=self._owner, takes_over=self._takes_over)
            except (RedisError, OSError):
                self._redis_is_away()
                return True  # nobody can take over without Redis either
        self._is_away = False
        if is_ours:
            self._takes_over = False
            self._kept_changes, self._kept_words = changes, words
            self._next_seq = max(self._next_seq, checkpoint.next_seq)
        else:
            self._call.taken_over()
        return is_ours

    def _marked(self, answer: Marked | None) -> None:
        if answer is Marked.TAKEN_OVER:
            self._call.taken_over()
        elif answer is Marked.GONE:
            logger.warning("Redis has lost the checkpoint of call %s; it is written again", self._call_id)
            self.soon()
        elif answer is None:
            self._redis_is_away()

    def _redis_is_away(self) -> None:
        if not self._is_away:
            logger.warning("The checkpoint of call %s can't be written for now: Redis is away", self._call_id)
        self._is_away = True
        self._later(AGAIN_S)

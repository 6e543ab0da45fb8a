"""How far each call of this process has heard, gathered for half a second and written in one round trip."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

from voice import checkpoints
from voice.checkpoints import Mark, Marked, RedisError

GATHER_S = 0.5
Answer = Callable[[Marked | None], None]  # None: Redis is away

_of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Marks] = WeakKeyDictionary()


class Marks:
    """No timer runs while no call hears anything."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Mark, Answer]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def of_this_loop(cls) -> Marks:
        loop = asyncio.get_running_loop()
        if loop not in _of_loops:
            _of_loops[loop] = cls()
        return _of_loops[loop]

    def put(self, mark: Mark, answer: Answer) -> None:
        """`answer` is called with what became of it, at most once; a newer mark of the call takes its place."""
        self._waiting[mark.call_id] = (mark, answer)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GATHER_S, self._start)

    def drop(self, call_id: str) -> None:
        """The call is over."""
        self._waiting.pop(call_id, None)
        if not self._waiting and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self) -> None:
        self._timer = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write(), name="marks")

    async def _write(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            answers: list[Marked | None]
            try:
                answers = list(await checkpoints.mark([mark for mark, _ in waiting.values()]))
            except (RedisError, OSError):
                answers = [None] * len(waiting)
            for (_, answer), said in zip(waiting.values(), answers, strict=True):
                answer(said)

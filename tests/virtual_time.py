"""An event loop whose clock jumps to the next timer instead of sleeping: minutes of a call at once, always the same."""

from __future__ import annotations

import asyncio
import gc
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.SelectSelector):
    """Never waits: what it should have waited is added to the loop's clock."""

    def __init__(self) -> None:
        super().__init__()
        self.waited_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if timeout is None and not ready:
            raise RuntimeError("Everything waits and no timer is set: this would wait for ever.")
        if timeout and not ready:
            self.waited_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.waited_s

    @property
    def pending_timers(self) -> int:
        return sum(not handle.cancelled() for handle in self._scheduled)  # type: ignore[attr-defined]  # asyncio's own


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Runs to the end and insists that nothing is left alive."""
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    try:
        result = loop.run_until_complete(main)
        left = asyncio.all_tasks(loop)
        assert not left, f"tasks left alive: {left}"
        assert loop.pending_timers == 0, "timers left alive"
        return result
    finally:
        asyncio.set_event_loop(None)
        loop.close()
        gc.collect(0)

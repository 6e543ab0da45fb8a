"""The named timers of one call: starting a name again restarts it, and nothing fires after `cancel_all`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Timers:
    def __init__(self, fired: Callable[[str], None]) -> None:
        self._fired = fired
        self._handles: dict[str, asyncio.TimerHandle] = {}

    def start(self, name: str, after_ms: int) -> None:
        self.stop(name)
        loop = asyncio.get_running_loop()
        self._handles[name] = loop.call_later(max(0, after_ms) / 1000, self._fire, name)

    def stop(self, name: str) -> None:
        handle = self._handles.pop(name, None)
        if handle is not None:
            handle.cancel()

    def cancel_all(self) -> None:
        for name in list(self._handles):
            self.stop(name)

    def _fire(self, name: str) -> None:
        del self._handles[name]
        self._fired(name)

    def __len__(self) -> int:
        return len(self._handles)

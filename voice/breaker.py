"""A circuit breaker: after failures in a row, or many in a short time, nobody is sent that way for a while."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

IN_A_ROW = 3
NEWEST = 10
WINDOW_S = 60.0
OPEN_S = 20.0
TRY_EVERY_S = 2.0  # then one at a time may try: not everybody who asks goes that way in the end


class Breaker:
    """Closed, open, half open. Thread-safe enough: every step is one assignment or one append."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._results: deque[tuple[float, bool]] = deque(maxlen=NEWEST)
        self._open_until: float | None = None
        self._is_trying = False

    def is_open(self) -> bool:
        """Asked before each try. Half open: False for one asker, True for those who come before its result."""
        if self._open_until is None:
            return False
        if self._now() < self._open_until:
            return True
        self._open_until = self._now() + TRY_EVERY_S
        self._is_trying = True
        return False

    def went_well(self) -> None:
        self._results.append((self._now(), True))
        if self._is_trying or self._open_until is None:
            self._open_until, self._is_trying = None, False

    def went_wrong(self) -> None:
        self._results.append((self._now(), False))
        if self._is_trying or self._has_enough():
            self._open_until, self._is_trying = self._now() + OPEN_S, False
            self._results.clear()

    def _has_enough(self) -> bool:
        """Three in a row, or half of the last ten, all within a minute."""
        since = self._now() - WINDOW_S
        newest = [is_well for at, is_well in self._results if at >= since]
        if len(newest) >= IN_A_ROW and not any(newest[-IN_A_ROW:]):
            return True
        return len(newest) == NEWEST and newest.count(False) * 2 >= NEWEST

"""How late this process's event loop is: one sampler for all its calls, started with the server."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

EVERY_S = 0.05
KEPT = 200  # ten seconds of them
TELL_EVERY = 20  # once a second


class LagSampler:
    """Asks for a wake-up every 50 ms and notes how much later it came. `tick` is told the p95 in ms once a second."""

    def __init__(self, tick: Callable[[float], None] = lambda _: None) -> None:
        self._tick = tick
        self.loop = asyncio.get_running_loop()
        self._lags_ms: deque[float] = deque(maxlen=KEPT)
        self._count = 0
        self._due_s = self.loop.time() + EVERY_S
        self._timer: asyncio.TimerHandle | None = self.loop.call_at(self._due_s, self._sample)

    @property
    def p95_ms(self) -> float:
        """Over the last ten seconds; 0 while there is too little to tell."""
        if len(self._lags_ms) < TELL_EVERY:
            return 0.0
        return sorted(self._lags_ms)[int(len(self._lags_ms) * 0.95)]

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _sample(self) -> None:
        now_s = self.loop.time()
        self._lags_ms.append((now_s - self._due_s) * 1000)
        self._due_s = now_s + EVERY_S
        self._timer = self.loop.call_at(self._due_s, self._sample)
        self._count += 1
        if self._count % TELL_EVERY == 0:
            self._tick(self.p95_ms)


_samplers: list[LagSampler] = []


def start(tick: Callable[[float], None] = lambda _: None) -> None:
    """On the loop that serves calls: one sampler a process, whoever asks for it again."""
    if _samplers and _samplers[-1].loop is asyncio.get_running_loop():
        return
    stop()
    _samplers.append(LagSampler(tick))


def stop() -> None:
    while _samplers:
        _samplers.pop().stop()


def lag_p95_ms() -> float:
    """From any thread; 0 where nobody samples."""
    return _samplers[-1].p95_ms if _samplers else 0.0

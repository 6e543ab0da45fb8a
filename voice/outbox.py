"""What is on its way to the customer: one bounded queue, one task, every send with a timeout."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from msgspec import Struct

from voice.call_metrics import CallMetrics
from voice.protocol import ServerMessage

logger = logging.getLogger(__name__)

MAX_QUEUED = 512  # beyond this the customer is not reading: the connection counts as lost
SEND_TIMEOUT_S = 5.0


class ReplyChunk(Struct, frozen=True):
    """Part of a spoken response: mono PCM16 at REPLY_RATE_HZ. `seq` counts from 0 within the response."""

    response: int
    seq: int
    pcm: bytes
    is_last: bool = False


Outgoing = ServerMessage | ReplyChunk


class Outbox:
    """`put` returns at once; order is kept. `drop_audio` takes back what was not yet written of a response."""

    def __init__(
        self,
        *,
        write: Callable[[Outgoing], Awaitable[None]],
        lost: Callable[[str], None],
        written: Callable[[Outgoing], None],
        metrics: CallMetrics,
    ) -> None:
        self._write = write
        self._lost = lost
        self._written = written
        self._metrics = metrics
        self._queue: deque[Outgoing] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stale: set[int] = set()

    def put(self, item: Outgoing) -> None:
        if isinstance(item, ReplyChunk) and item.response in self._stale:
            self._metrics.count("stale_chunks_discarded")
            return
        if len(self._queue) >= MAX_QUEUED:
            self._queue.clear()
            self._lost("outbox full")
            return
        self._queue.append(item)
        self._metrics.depth("outbox", len(self._queue))
        self._idle.clear()
        self._wake.set()

    def drop_audio(self, response: int) -> None:
        """From now on no chunk of the response is written, whoever still puts one."""
        self._stale.add(response)
        if len(self._stale) > 64:
            self._stale = set(sorted(self._stale)[-32:])
        kept = [item for item in self._queue if not (isinstance(item, ReplyChunk) and item.response == response)]
        self._metrics.count("unsent_chunks_dropped", len(self._queue) - len(kept))
        self._queue = deque(kept)

    async def run(self) -> None:
        while True:
            while self._queue:
                await self._send(self._queue.popleft())
            self._idle.set()
            self._wake.clear()
            await self._wake.wait()

    async def flush(self, timeout_s: float) -> None:
        """Waits until everything is written, or the time is over."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        except TimeoutError:
            logger.info("A customer did not take the last %d messages in time", len(self._queue))

    async def _send(self, item: Outgoing) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._write(item)
        except TimeoutError:
            self._queue.clear()
            self._metrics.count("send_timeouts")
            self._lost("send timed out")
        except Exception as error:  # noqa: BLE001  # each server raises its own class for a socket that is gone
            self._queue.clear()
            self._lost(f"send failed: {type(error).__name__}")
        else:
            self._written(item)

"""The engine inside a Celery process: one event loop in a thread of its own, for every task of all the pool's threads.

The recogniser's processes belong to that loop, so that they are started once and serve several recordings at a time.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from restaurants.selectors import list_live_menus
from voice import checkpoints
from voice.consumers.database import in_database
from voice.ending import end_tasks
from voice.engines import registry

logger = logging.getLogger(__name__)

T = TypeVar("T")

CLOSE_TIMEOUT_S = 10.0


class WorkerEngine:
    """A loop in a thread. Begins at the first `run`, ends with `close`, may begin again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._pid = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Waits for it, in the calling thread. A wait that is broken off (a time limit) cancels the work."""
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._running_loop())
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Does not wait for it; `close` ends it."""
        asyncio.run_coroutine_threadsafe(work, self._running_loop())

    def close(self) -> None:
        """Ends what still runs, the engine's processes and the thread. Idempotent."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None or self._pid != os.getpid():
            return
        try:
            asyncio.run_coroutine_threadsafe(_end(), loop).result(CLOSE_TIMEOUT_S)
        except TimeoutError:
            logger.warning("The engine of this worker did not end in %.0f s", CLOSE_TIMEOUT_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(CLOSE_TIMEOUT_S)
        if not thread.is_alive():
            loop.close()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._pid != os.getpid():  # a forked pool starts its own in each process
                self._pid = os.getpid()
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_turn, args=(self._loop,), name="worker-engine", daemon=True)
                self._thread.start()
            return self._loop


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()


async def warm_up(after_s: float) -> None:
    """Starts the engine and loads what the live menus need, once the machine has started everything else."""
    await asyncio.sleep(after_s)
    try:
        await registry.startup(await in_database(list_live_menus))
    except Exception:
        logger.exception("The engine of this worker is not warm; its first recording will take longer")


async def _end() -> None:
    await end_tasks(*(asyncio.all_tasks() - {asyncio.current_task()}))
    await registry.shutdown()
    await checkpoints.close()
    try:
        await get_channel_layer().flush()
    except (RedisError, OSError):
        logger.info("Redis was away when this worker ended")


worker_engine = WorkerEngine()

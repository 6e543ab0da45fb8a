"""What lives as long as the server: the engine pool, and the watch over the rollout tables."""

import asyncio
import gc
import logging

from channels.db import database_sync_to_async

from config.asgi_types import Application, Receive, Scope, Send
from flags import watching
from restaurants import selectors
from voice import load
from voice.consumers import reception
from voice.engines import registry
from voice.understanders import prepare

logger = logging.getLogger(__name__)


class EngineLifespan:
    """Starts the engines beside the server, not before it: calls and pages work, /readyz says "not yet".

    uvicorn tells about its start and end. Daphne does not know lifespans: there the first request starts the engines,
    and their worker processes end with the process.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._starting: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
            self._watching = asyncio.create_task(watching.watch("web"))
            reception.start_watching()
        if scope["type"] == "lifespan":
            await self._follow(receive, send)
        else:
            await self._application(scope, receive, send)

    async def _follow(self, receive: Receive, send: Send) -> None:
        await receive()  # lifespan.startup
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown
        background = [task for task in (self._starting, self._watching) if task is not None]
        for task in background:
            task.cancel()
        await asyncio.wait(background)
        load.stop()
        await reception.end_all()  # each call is kept for the process that takes it up
        await registry.shutdown()
        await send({"type": "lifespan.shutdown.complete"})

    @staticmethod
    async def _start() -> None:
        try:
            menus = await database_sync_to_async(selectors.list_live_menus)()
            await registry.startup(menus)
            await asyncio.to_thread(prepare, menus)
        except Exception:
            logger.exception("the speech engines did not start; /readyz shows it")
        _spare_the_collector()


def _spare_the_collector() -> None:
    """What was loaded so far lives as long as the process: the collector need not walk it during calls (tens of ms)."""
    gc.collect()
    gc.freeze()

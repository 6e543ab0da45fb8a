"""The server under `benchmarks.calls`: the product's own, with a script for its engine and, if asked, slow queries."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import Any

import config.serve
from config.asgi import application as product

SCRIPT = ("a large coke", "what's my total", "take off the coke", "what's my total")
SLOW_QUERY_S = 0.3

_background: set[asyncio.Task[None]] = set()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Named to uvicorn instead of the product; adds nothing to what a call goes through."""
    if not _background:
        _background.add(asyncio.create_task(_prepare()))
    await product(scope, receive, send)


async def _prepare() -> None:
    _write_script()
    if os.environ.get("BENCHMARK_ORM_NOISE"):
        await _slow_queries()


def _write_script() -> None:
    from voice.engines.registry import get_engine
    from voice.engines.scripted import ScriptedTranscriber, ScriptedUtterance

    transcriber = get_engine().transcriber
    assert isinstance(transcriber, ScriptedTranscriber)
    transcriber.script = tuple(ScriptedUtterance((text,), ms_per_word=250) for text in SCRIPT)


async def _slow_queries() -> None:
    """As a page would make it: through Django, in the process's one thread for synchronous work."""
    from asgiref.sync import sync_to_async

    while True:
        with contextlib.suppress(asyncio.TimeoutError):
            await sync_to_async(_slow_query)()
        await asyncio.sleep(1 - SLOW_QUERY_S)


def _slow_query() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [SLOW_QUERY_S])
    connection.close()


if __name__ == "__main__":
    config.serve.APPLICATION = "benchmarks.calls_server:application"
    config.serve.serve()

"""One process under `benchmarks.rollout`: watches as the server does, decides a call every millisecond."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

import django

EVERY_S = 0.001


def main() -> None:
    django.setup()
    asyncio.run(_run())


async def _run() -> None:
    from flags import snapshot, watching

    snapshot.on_kill.append(lambda _mode, _reason: _say("told"))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watching.watch("benchmark"))
        tasks.create_task(_decide())


async def _decide() -> None:
    from flags.services import decide_call

    before = "batch"
    while True:
        mode = decide_call(1, uuid4()).mode
        if mode != before:
            _say(mode)
            before = mode
        await asyncio.sleep(EVERY_S)


def _say(word: str) -> None:
    print(word, time.monotonic(), flush=True)


if __name__ == "__main__":
    main()

"""Makes one model and ends: `python -m voice.engines.embedded.build`, the pickled request on stdin.

Building is seconds of pure Python, which must hold the GIL of no process that carries calls.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from pathlib import Path

from restaurants.menu import Menu
from voice.engines.embedded.model import RecogniserModel, build_recogniser_model, find_recogniser_model
from voice.engines.types import EngineUnavailable

BUILD_TIMEOUT_S = 120.0


async def ensure_model(menu: Menu, language: str, cache_dir: Path) -> RecogniserModel:
    """The cached model, or has it made by a process of its own.

    raises: EngineUnavailable
    """
    if found := find_recogniser_model(menu, language, cache_dir):
        return found
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "voice.engines.embedded.build", stdin=asyncio.subprocess.PIPE
    )
    try:
        request = pickle.dumps((menu, language, str(cache_dir)))
        await asyncio.wait_for(process.communicate(request), BUILD_TIMEOUT_S)
    except TimeoutError as error:
        raise EngineUnavailable("making the recogniser's model takes too long") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    found = find_recogniser_model(menu, language, cache_dir)
    if found is None:
        raise EngineUnavailable("the recogniser's model could not be made")
    return found


def main() -> int:
    menu, language, cache_dir = pickle.load(sys.stdin.buffer)  # noqa: S301 - only our own server writes to this pipe
    build_recogniser_model(menu, language, Path(cache_dir))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""One worker process seen from the server: started, spoken to, and started again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable
from typing import Final

from voice.engines.embedded.messages import FrameBuffer, FrameError, Ready, Report, Request, decode_report, encode

logger = logging.getLogger(__name__)

READ_BYTES: Final = 256 * 1024
START_TIMEOUT_S: Final = 20.0
STOP_TIMEOUT_S: Final = 2.0
_BACKOFF_S: Final = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)


class WorkerProcess:
    """Runs `python -m voice.engines.embedded.worker ROLE` and keeps it running until `close`.

    `on_report` gets every message, `on_death` is called when the process ends by itself: whatever it held is lost.
    Messages sent while no process runs are dropped; `is_ready` says which.
    """

    def __init__(
        self,
        role: str,
        *,
        on_report: Callable[[Report], None],
        on_death: Callable[[], None],
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.role = role
        self._on_report = on_report
        self._on_ready = on_ready
        self._on_death = on_death
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self.deaths = 0

    @property
    def is_ready(self) -> bool:
        return self._ready.is_set()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def unsent_bytes(self) -> int:
        """What the pipe has not taken yet: how far the worker is behind."""
        if self._process is None or self._process.stdin is None:
            return 0
        return self._process.stdin.transport.get_write_buffer_size()

    def start(self) -> None:
        """Begins to run the process, on the running loop; repeated calls are free."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep_running(), name=f"embedded-{self.role}")

    async def wait_ready(self, timeout_s: float = START_TIMEOUT_S) -> bool:
        self.start()
        try:
            await asyncio.wait_for(self._ready.wait(), timeout_s)
        except TimeoutError:
            return False
        return True

    def send(self, request: Request) -> bool:
        """Writes without waiting; False if no process runs."""
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return False
        process.stdin.write(encode(request))
        return True

    async def close(self) -> None:
        """Ends the process (it leaves at the end of its input) and awaits it; idempotent."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep_running(self) -> None:
        failures = 0
        while True:
            await asyncio.sleep(_BACKOFF_S[min(failures, len(_BACKOFF_S) - 1)])
            was_ready = await self._run_once()
            failures = 1 if was_ready else failures + 1
            self.deaths += 1
            logger.warning("embedded %s worker ended; starting another", self.role)
            self._on_death()

    async def _run_once(self) -> bool:
        """Runs one process to its end; True if it ever was ready."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "voice.engines.embedded.worker", self.role,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._process = process
        try:
            await self._read_reports(process)
            return self._ready.is_set()
        finally:
            self._process = None
            was_ready = self._ready.is_set()
            self._ready.clear()
            await _end(process, patient=was_ready)

    async def _read_reports(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        frames = FrameBuffer()
        while data := await process.stdout.read(READ_BYTES):
            try:
                for body in frames.feed(data):
                    report = decode_report(body)
                    if isinstance(report, Ready):
                        self._ready.set()
                        self._on_ready()
                    else:
                        self._on_report(report)
            except FrameError:
                logger.exception("embedded %s worker sent no message of ours", self.role)
                return


async def _end(process: asyncio.subprocess.Process, *, patient: bool) -> None:
    """Closes the process's input, then kills what does not leave by itself."""
    if process.stdin is not None:
        process.stdin.close()
    if patient:
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(process.wait(), STOP_TIMEOUT_S)
    if process.returncode is None:
        process.kill()
        await process.wait()

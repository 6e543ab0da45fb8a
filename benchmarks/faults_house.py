"""The house under `benchmarks.faults`: PostgreSQL, Redis, two web servers, workers and the clock, all real processes.

What ends is started again half a second later, as `manage.py up` does. Everything is started from the main thread,
because the kernel ties a child's life to the thread that started it: other threads ask for it with `ask`.
"""

from __future__ import annotations

import concurrent.futures
import os
import queue
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from config.embedded.postgres import EmbeddedPostgres
from config.embedded.process_table import end_processes, leftovers_of
from config.embedded.redis import EmbeddedRedis
from config.embedded.service import EmbeddedService, last_lines, start_process, wait_until_gone

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")

AGAIN_AFTER_S = 0.5
STOP_PATIENCE_S = 8.0
WATCH_EVERY_S = 0.05
WEB_COUNT = 2


def house_environment(folder: Path) -> dict[str, str]:
    """For this process and all it starts; before Django's settings are read."""
    return {
        "VAR_DIR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(40),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VOICE_ENGINE": "scripted",
        "HOST": "127.0.0.1",
        "LOG_LEVEL": "INFO",
        "PYTHONUNBUFFERED": "1",
        "DATABASE_POOL_SIZE": "12",
        "STREAMING_ROLLOUT_PERCENTAGE": "100",
        "OVERLOAD_LOOP_LAG_MS": "3000",  # calls leave streaming for their fault, not for what else the machine does
    }


@dataclass
class Part:
    """One of our own processes."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    due_s: float | None = None  # when it is started again


class House:
    """`start`, `run` until told to stop, `stop`: all in the main thread. `ask` from any other."""

    def __init__(self, folder: Path, *, workers: int) -> None:
        self.folder = folder
        self.ports = [free_port() for _ in range(WEB_COUNT)]
        self.redis = EmbeddedRedis(folder)
        self.postgres = EmbeddedPostgres(folder)
        module = [sys.executable, "-m", "benchmarks.faults_engine"]
        celery = [sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--loglevel=INFO", "--pidfile="]
        self.parts = {
            part.name: part
            for part in (
                *(Part(f"web{n}", [*module, "web"], {"PORT": str(port)}) for n, port in enumerate(self.ports)),
                *(Part(f"worker{n}", [*module, "worker", f"worker{n}"], {}) for n in range(workers)),
                Part("beat", celery, {}),
            )
        }
        self._wishes: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def start(self) -> None:
        services: tuple[EmbeddedService, ...] = (self.redis, self.postgres)
        for service in services:
            service.start()
        for service in services:
            service.wait_ready()
        for command in ("migrate", "load_demo"):
            subprocess.run([sys.executable, "manage.py", command, "-v", "0"], cwd=ROOT, check=True)
        (self.folder / "celery").mkdir()
        for part in self.parts.values():
            self._start(part)

    def run(self, is_over: Callable[[], bool]) -> None:
        """Watches, and does what other threads ask for."""
        while not is_over():
            try:
                self._wishes.get(timeout=WATCH_EVERY_S)()
            except queue.Empty:
                self._watch()

    def stop(self) -> None:
        """Whatever was started ends, whoever started it."""
        for part in self.parts.values():
            if part.process is not None and part.process.poll() is None:
                part.process.terminate()
        for part in self.parts.values():
            if part.process is not None:
                wait_until_gone(part.process, patience_s=STOP_PATIENCE_S)
        self.redis.stop()
        self.postgres.stop()
        end_processes(leftovers_of(str(self.folder)), patience_s=2.0)

    def ask(self, wish: Callable[[], T]) -> concurrent.futures.Future[T]:
        """Done in the main thread."""
        future: concurrent.futures.Future[T] = concurrent.futures.Future()

        def do() -> None:
            try:
                future.set_result(wish())
            except Exception as error:  # noqa: BLE001  # whoever asked gets it
                future.set_exception(error)

        self._wishes.put(do)
        return future

    # --- What can happen to it ----------------------------------------------------------------------------------------

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        process = self.parts[name].process
        if process is not None and process.poll() is None:
            process.send_signal(number)

    def restart_redis(self, *, with_data: bool) -> None:
        self.redis.stop()
        if not with_data:
            shutil.rmtree(self.redis.data_dir)
        time.sleep(AGAIN_AFTER_S)
        self.redis.start()
        self.redis.wait_ready()

    def restart_postgres(self) -> None:
        self.postgres.stop()
        time.sleep(AGAIN_AFTER_S)
        self.postgres.start()
        self.postgres.wait_ready()

    # --- Its processes ------------------------------------------------------------------------------------------------

    def log_end(self, name: str) -> str:
        return last_lines(self._log(name))

    def _log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def _start(self, part: Part) -> None:
        part.due_s = None
        part.process = start_process(
            part.command,
            log_path=self._log(part.name),
            instance=str(self.folder),
            death_signal=signal.SIGKILL,
            environment=part.environment,
            folder=ROOT,
        )

    def _watch(self) -> None:
        for part in self.parts.values():
            if part.due_s is not None:
                if time.monotonic() >= part.due_s:
                    self._start(part)
            elif part.process is not None and part.process.poll() is not None:
                part.due_s = time.monotonic() + AGAIN_AFTER_S


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def put_in_environment(folder: Path) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ.update(house_environment(folder))

"""A whole Comanda for a measurement: a temporary folder, a free port, gone afterwards. Nobody's data is touched."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

READY_PATIENCE_S = 240.0
STOP_PATIENCE_S = 40.0


class HouseFailed(Exception):
    """It did not start, or something in it failed; the message ends with what it said."""


@dataclass(frozen=True, slots=True)
class House:
    """`manage` runs a command inside: its standard output is returned, what it says on the way goes to our stderr."""

    folder: Path
    port: int
    environment: Mapping[str, str]

    def manage(self, *command: str) -> str:
        """raises: HouseFailed"""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=dict(self.environment),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise HouseFailed(f"{command[0]} ended with {done.returncode}.\n{self.last_words()}")
        return done.stdout

    def last_words(self) -> str:
        log = self.folder / "up.log"
        return log.read_text(errors="replace")[-2_000:] if log.exists() else ""


@contextmanager
def throwaway_house(**environment: str) -> Iterator[House]:
    """Server, worker, database and Redis; ready when this begins. raises: HouseFailed"""
    folder = Path(tempfile.mkdtemp(prefix="comanda-house-"))
    house = House(folder, port := _free_port(), _environment(folder, port, environment))
    try:
        with (folder / "up.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=settings.BASE_DIR,
                env=dict(house.environment),
                stdout=log,
                stderr=log,
            )
        try:
            _wait_ready(house, process)
            yield house
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, port: int, more: Mapping[str, str]) -> dict[str, str]:
    """Empty, not absent: a .env file must not fill them in."""
    own = {
        "VAR_DIR": str(folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "SECRET_KEY": "",
        "LOAD_DEMO": "false",
        "BEHIND_HTTPS": "false",
        "ENABLE_REALTIME_STREAMING": "true",
        "LOG_LEVEL": "WARNING",
    }
    return {**os.environ, **own, **more}


def _wait_ready(house: House, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{house.port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise HouseFailed(f"The house for the measurement did not become ready.\n{house.last_words()}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

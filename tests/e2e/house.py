"""The whole product as `make run` starts it, on a port and in a data folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from config.embedded import addresses

ROOT = Path(__file__).resolve().parent.parent.parent
READY_WITHIN_S = 240
STOPPED_WITHIN_S = 40
# The tests' own settings must not reach the house: it has its own database, Redis and data folder.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "PORT", "DJANGO_SETTINGS_MODULE", "DATABASE_POOL_SIZE")


class House:
    def __init__(self, folder: Path) -> None:
        self.var_dir = folder / "var"
        self.var_dir.mkdir(parents=True)
        self.output = folder / "up.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        environment |= {"VAR_DIR": str(self.var_dir), "PORT": str(self.port)}
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_ready(self._process)

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def logs(self) -> str:
        """What everything said so far, for whoever has to find out why a test failed."""
        files = [self.output, *sorted((self.var_dir / "log").glob("*.log"))]
        return "\n".join(f"=== {path.name}\n{path.read_text(errors='replace')[-20_000:]}" for path in files)

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        with psycopg.connect(addresses.database_url(self.var_dir), autocommit=True) as connection:
            yield connection

    def _wait_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(f"Comanda ended while starting:\n{self.logs()}")
            if _answers(f"{self.url}/readyz"):
                return
            time.sleep(0.25)
        raise RuntimeError(f"Comanda is not ready after {READY_WITHIN_S} s:\n{self.logs()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  # our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False

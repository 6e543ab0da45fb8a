"""`manage.py up` as a person runs it: real processes, a data folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from config.embedded.process_table import is_alive, leftovers_of

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 120.0
FOREIGN = ("DATABASE_URL", "REDIS_URL", "HOST", "PORT", "ASGI_SERVER", "DEBUG")


def wait_until(is_so: Callable[[], bool], *, what: str, patience_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline, f"after {patience_s:.0f} s still not: {what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Up:
    """One run of `manage.py up`."""

    def __init__(self, var_dir: Path, output: Path, **variables: str) -> None:
        self.var_dir = var_dir
        self.output = output
        self.port = int(variables.get("PORT", free_port()))
        environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        environment.update(VAR_DIR=str(var_dir), PORT=str(self.port), VOICE_ENGINE="scripted")
        with output.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env={**environment, **variables},
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def wait_ready(self) -> "Up":
        wait_until(lambda: "Comanda is ready" in self.said or self.process.poll() is not None, what="ready")
        assert self.process.poll() is None, self.said
        return self

    def get(self, path: str, *, timeout_s: float = 10.0) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, json.loads(body) if is_json else body.decode()

    def part(self, name: str) -> str:
        """The status of one part; "unknown" while the server does not answer."""
        try:
            return str(self.get("/readyz")[1]["parts"][name]["status"])
        except (OSError, HTTPException):
            return "unknown"

    def pid_of(self, name: str) -> int:
        """The pid of the supervisor's child, by what its command line says."""
        said = {
            "server": "config.serve",
            "worker": " worker ",
            "beat": " beat ",
            "redis": "redis-server",
            "postgres": "postgres -D",
        }[name]
        for pid in leftovers_of(str(self.var_dir)):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if said in command:
                return pid
        raise LookupError(f"{name} is not running")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(40)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def is_nothing_left(self) -> bool:
        return not any(is_alive(pid) for pid in leftovers_of(str(self.var_dir)))

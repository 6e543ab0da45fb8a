"""One supervisor per data folder. The lock is the kernel's, so a killed holder never blocks the next."""

import fcntl
import json
import os
from pathlib import Path
from typing import IO


class AlreadyRunning(Exception):
    """Another supervisor holds the data folder; the text says which."""


class InstanceLock:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def acquire(self, *, url: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise AlreadyRunning(self._who_holds_it()) from None
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "url": url}))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    def _who_holds_it(self) -> str:
        try:
            holder = json.loads(self._path.read_text(encoding="utf-8"))
            pid, url = int(holder["pid"]), str(holder["url"])
        except (OSError, ValueError, KeyError):
            return (
                f"Comanda is just being started or stopped on the data in {self._path.parent}; try again in a moment."
            )
        return (
            f"Comanda already runs on the data in {self._path.parent}: process {pid}, {url}\n"
            f"Stop it with Ctrl-C in its terminal or `kill {pid}`; a second one needs its own VAR_DIR= and PORT=."
        )

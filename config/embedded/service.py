"""What an embedded service is, and the one way to start a process that must not outlive us."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from pwd import struct_passwd
from typing import Protocol

from config.embedded.process_table import INSTANCE_VARIABLE, die_with_parent

LAST_LINES = 15


class ServiceError(Exception):
    """An embedded service could not be started or stopped; the text is for the person at the terminal."""


class EmbeddedService(Protocol):
    """One server process. `start` returns once the process exists, `wait_ready` once it answers."""

    name: str
    log_path: Path
    stop_signal: signal.Signals
    process: subprocess.Popen[bytes] | None

    def start(self) -> subprocess.Popen[bytes]: ...

    def wait_ready(self) -> None: ...

    def stop(self) -> None: ...


def start_process(
    command: Sequence[str],
    *,
    log_path: Path,
    instance: str,
    account: struct_passwd | None = None,
    death_signal: int = signal.SIGTERM,
    environment: dict[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (a terminal's Ctrl-C is ours to pass on) with its output in `log_path`."""
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {}), INSTANCE_VARIABLE: instance},
            start_new_session=True,
            preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509  # only calls prctl
            pass_fds=pass_fds,
            cwd=folder,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
    return process


def last_lines(path: Path) -> str:
    """The end of a log, indented, to show why something failed."""
    if not path.exists():
        return ""
    lines = path.read_text(errors="replace").splitlines()[-LAST_LINES:]
    return "\n".join(f"    {line}" for line in lines)


def wait_until_gone(process: subprocess.Popen[bytes], *, patience_s: float) -> None:
    """Wait for a process that was told to stop; kill it when it will not."""
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def make_private(folder: Path) -> None:
    """A folder that only its owner can enter; one that belongs to somebody else is refused."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    owner = folder.stat().st_uid
    if owner not in (os.getuid(), 0) and os.geteuid() != 0:
        raise ServiceError(f"{folder} belongs to another user; choose another data folder with VAR_DIR=.")


class Deadline:
    """Time left for a wait, on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def is_over(self) -> bool:
        return time.monotonic() >= self._at

    def pause(self, seconds: float = 0.02) -> None:
        time.sleep(seconds)


def note(message: str) -> None:
    """Say something to the person at the terminal; when that is gone, work goes on."""
    with suppress(OSError):
        sys.stderr.write(message + "\n")
        sys.stderr.flush()

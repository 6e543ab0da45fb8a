"""One of our own processes: started, watched, started again after a crash, and stopped with everything it started."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.service import ServiceError, last_lines

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
STEADY_AFTER_S = 60.0
LOG_LIMIT_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Crash:
    """What the person at the terminal is told."""

    name: str
    reason: str
    next_try_in_s: float
    log_path: Path
    log_end: str


class Child:
    """`start_process` makes the process; everything about when and how often is decided here."""

    def __init__(
        self,
        name: str,
        *,
        log_path: Path,
        start: Callable[[], subprocess.Popen[bytes]],
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log_path = log_path
        self.crashes_in_a_row = 0
        self._start = start
        self._stop_signal = stop_signal
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._due_at: float | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        self.adopt(self._start())

    def adopt(self, process: subprocess.Popen[bytes]) -> None:
        """Watch a process that was started elsewhere."""
        self._due_at = None
        self._started_at = time.monotonic()
        self._process = process

    def watch(self) -> Crash | None:
        """Notices an end nobody asked for, and starts the child again when its pause is over."""
        if self._due_at is not None:
            return self._start_again() if time.monotonic() >= self._due_at else None
        if self._process is None or (code := self._process.poll()) is None:
            return None
        self._end_family()
        return self._crashed(end_reason(code))

    def _start_again(self) -> Crash | None:
        try:
            self.start()
        except ServiceError as error:
            return self._crashed(f"did not start again: {error}")
        return None

    def _crashed(self, reason: str) -> Crash:
        if time.monotonic() - self._started_at > STEADY_AFTER_S:
            self.crashes_in_a_row = 0
        delay_s = backoff_s(self.crashes_in_a_row)
        self.crashes_in_a_row += 1
        self._due_at = time.monotonic() + delay_s
        return Crash(self.name, reason, delay_s, self.log_path, last_lines(self.log_path))

    def ask_to_stop(self) -> None:
        self._due_at = None
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self._stop_signal)

    def wait_stopped(self, patience_s: float) -> bool:
        """Whether it left by itself in time; if not it is killed. Nothing it started survives it."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(0.0, patience_s))
            left_by_itself = True
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            left_by_itself = False
        self._end_family()
        return left_by_itself

    def keep_log_small(self) -> None:
        """The child appends to its log, so it can be copied away and emptied under it."""
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_LIMIT_BYTES:
            self.log_path.with_suffix(".log.1").write_bytes(self.log_path.read_bytes())
            os.truncate(self.log_path, 0)

    def _end_family(self) -> None:
        """The child leads a session of its own; whoever is left in its group goes too."""
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return


def backoff_s(crashes_in_a_row: int) -> float:
    return float(min(LONGEST_DELAY_S, FIRST_DELAY_S * 2**crashes_in_a_row))


def end_reason(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def stop_together(children: Sequence[Child], *, patience_s: float) -> list[str]:
    """Asks all at once and shares one deadline; returns the names of those that had to be killed."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + patience_s
    return [child.name for child in children if not child.wait_stopped(deadline - time.monotonic())]
